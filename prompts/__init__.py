"""The prompts, one plain-text template a file; no copy of any of them stands in Python."""
