"""The write side: articles become clean text, passages, vectors and a library that can be searched.

The one rule: no module is imported by what it imports. From the bottom up:

- what travels between the stages: `records`, `lists`, `scope`, `embedder`;
- what may be asked of a place that keeps articles, and what changes it: `readable`, `store`;
- what works on any such place: `search`, and `sync` with all that reads sources;
- a library in a folder: `database`, `catalogue`, `library`, what reads and writes it, and `local`, the whole;
- a library on a server: the `milvus` modules;
- `opening`, which knows both.
"""
