"""One loss over all passages of a question: shared normalisation (Clark and Gardner, 2018), with the null answer.

The one rule: a passage's scores count above its own null answer's, which is how they are compared at run time.
"""

from collections.abc import Sequence

import torch


def group_loss(scores: torch.Tensor, places: torch.Tensor, mask: torch.Tensor, sizes: Sequence[int]) -> torch.Tensor:
    """The sum over the groups of -log of the probability of the right tokens among all tokens of the group.

    `scores` are `(rows, tokens)`, `places` `(rows,)` the right token, 0 where the passage has none, and `mask`
    `(rows, tokens)` tells which tokens there are. The rows come group by group, and `sizes` says how many each has.
    The null answer of a group is right where no passage has another, and has a score of 0.
    """
    above = (scores - scores[:, :1]).masked_fill(~mask, -torch.inf)
    above = torch.cat([torch.full_like(above[:, :1], -torch.inf), above[:, 1:]], dim=1)
    right = above.gather(1, places[:, None])[:, 0]  # -inf for a passage without an answer
    null = torch.zeros(1, dtype=scores.dtype, device=scores.device)
    losses = []
    for some, answers in zip(above.split(list(sizes)), right.split(list(sizes)), strict=True):
        everything = torch.logsumexp(torch.cat([some.flatten(), null]), 0)
        found = answers[answers > -torch.inf]
        losses.append(everything - (torch.logsumexp(found, 0) if len(found) else null[0]))
    return torch.stack(losses).sum()
