"""Quality as numbers: questions are asked, what became of each is kept as a run, and runs are measured and compared.

The one rule: nothing drops out silently. A question that fails is a miss and is named, and so is evidence that the
library does not have.
"""
