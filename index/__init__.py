"""The write side: articles become clean text, passages, vectors and a library that can be searched."""
