-- Format 5 to format 6: texts packed, vectors in bytes, a full text without stop words and with the text in front.
UPDATE article SET text = packed(text);
UPDATE version SET text = packed(text);
UPDATE passage SET vector = from_half_floats(vector);
UPDATE version_passage SET vector = from_half_floats(vector);
DROP TABLE passage_text;
DROP TABLE version_text;
CREATE VIRTUAL TABLE passage_text USING fts5 (
    text, title, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE version_text USING fts5 (
    text, title, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);
