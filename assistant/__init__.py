"""The read side: a question becomes hits, hits become quotes, quotes become an answer."""
