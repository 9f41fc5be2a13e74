"""Halfway between two trained readers: `python -m training.blend BEFORE AFTER TARGET [--share 0.5]`.

The mean of the weights before and after a stage of training keeps most of what the stage taught and forgets little of
what it would have cost elsewhere (Wortsman et al., 2022, "Robust fine-tuning of zero-shot models").

The one rule: `AFTER` was trained from `BEFORE`; means of unrelated weights are worth nothing.
"""

import argparse
from pathlib import Path

import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from index.errors import AssistantError


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="of AFTER, 0 to 1 (default: 0.5)")
    chosen = parser.parse_args()
    if not 0 <= chosen.share <= 1:
        parser.error(f"--share is {chosen.share}, and has to lie between 0 and 1")
    before, after = (AutoModelForQuestionAnswering.from_pretrained(path) for path in (chosen.before, chosen.after))
    after.load_state_dict(blend(before.state_dict(), after.state_dict(), chosen.share))
    after.save_pretrained(chosen.target)
    AutoTokenizer.from_pretrained(chosen.after).save_pretrained(chosen.target)


def blend(before: dict[str, torch.Tensor], after: dict[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    """The weights `(1 - share) * before + share * after`; whole numbers are those of `after`.

    Raises:
        AssistantError: if the two are not of the same model.
    """
    unlike = [name for name in before.keys() | after.keys() if _shape(before, name) != _shape(after, name)]
    if unlike:
        raise AssistantError(
            f"the two are different models: {len(unlike)} weights differ in shape, {sorted(unlike)[0]} first"
        )
    return {
        name: torch.lerp(before[name], value, share) if value.is_floating_point() else value
        for name, value in after.items()
    }


def _shape(weights: dict[str, torch.Tensor], name: str) -> tuple[int, ...] | None:
    return tuple(weights[name].shape) if name in weights else None


if __name__ == "__main__":
    main()
