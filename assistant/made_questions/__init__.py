"""Questions made of articles by rules: what was said and by whom, plain facts, and people's offices.

The one rule: a question stands with the offsets of its answer in the article, so that it can be checked. The training
rows are made of these, and so are the questions that the page suggests.
"""
