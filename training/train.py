"""Fine-tune the reader: `python -m training.train --rows ROWS.jsonl --output FOLDER [--start-from FOLDER]`.

A standard extractive question-answering model (start and end of the span; the first token where there is no answer:
Devlin et al., 2019). Interrupted, it goes on from the last checkpoint when the same command is given again. On a GPU,
and on a processor with matrix tiles, it computes in bf16; elsewhere in float32, one thread a core.

Rows of one group are the same question on several passages. They share a step, and half of the loss is over all of
them together (shared normalisation: Clark and Gardner, 2018), so that scores rank across passages.
"""

import argparse
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from assistant.pairs import PairEncoder
from index.weights import packaged_model_folder
from training.encoding import LONGEST, encode_rows
from training.group_loss import group_loss
from training.rows import Row, by_group, read_rows

CHECKPOINT_SECONDS = 300
SORT_OVER = 40
"""Batches that are sorted by length together."""
WARMUP = 0.06
"""The part of the steps over which the learning rate rises."""
CLIP = 1.0
AVERAGE = 0.998
"""What of the mean of the weights stays at a step: it is over the last 500, about."""
Batch = list[list[Row]]
"""The groups of rows of one step."""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--start-from", type=Path, help="a model's folder (default: the packaged all-MiniLM-L6-v2)")
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    parser.add_argument("--batch", type=int, default=24, help="rows a step")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--stop-after", metavar="STEPS", type=int, help="end the schedule early, after so many steps")
    parser.add_argument(
        "--average",
        action="store_true",
        help="keep the learning rate, and take the mean of the weights over the last steps: it may end anywhere",
    )
    parser.add_argument(
        "--freeze", metavar="LAYERS", type=int, default=0, help="leave the embeddings and so many layers as they are"
    )
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    torch.manual_seed(chosen.seed)
    start = chosen.start_from or packaged_model_folder()
    tokenizer = AutoTokenizer.from_pretrained(start)
    model = AutoModelForQuestionAnswering.from_pretrained(start)
    if chosen.freeze:
        for part in (model.base_model.embeddings, *model.base_model.encoder.layer[: chosen.freeze]):
            part.requires_grad_(False)
    rows = list(read_rows(chosen.rows))
    plans = [plan_batches(rows, chosen.batch, chosen.seed + epoch) for epoch in range(chosen.epochs)]
    batches = [batch for plan in plans for batch in plan]
    tokenizer.save_pretrained(chosen.output)
    encoder = PairEncoder(tokenizer.backend_tokenizer.to_str(), LONGEST)
    trainer = Trainer(model, encoder, chosen.output, chosen.learning_rate, len(batches), average=chosen.average)
    trainer.run(batches[: chosen.stop_after])
    model.save_pretrained(chosen.output)


def plan_batches(rows: Sequence[Row], size: int, seed: int) -> list[Batch]:
    """The rows in batches of like length and about `size`, groups whole, in an order that the seed alone decides."""
    chance = random.Random(seed)
    order = by_group(rows)
    chance.shuffle(order)
    batches: list[Batch] = []
    pending: Batch = []
    for group in order:
        pending.append(group)
        if sum(map(len, pending)) >= size * SORT_OVER:
            batches += _cut(pending, size)
            pending = []
    batches += _cut(pending, size)
    chance.shuffle(batches)
    return batches


def _cut(groups: Batch, size: int) -> list[Batch]:
    batches: list[Batch] = []
    filled = size
    for group in sorted(groups, key=lambda group: max(len(row.passage) for row in group)):
        if filled + len(group) > size:
            batches.append([])
            filled = 0
        batches[-1].append(group)
        filled += len(group)
    return batches


class Trainer:
    """AdamW with a linear schedule, checkpoints, and one replica of the model a core where there is no GPU."""

    def __init__(
        self,
        model: Any,
        encoder: PairEncoder,
        output: Path,
        learning_rate: float,
        steps: int,
        *,
        average: bool = False,
    ) -> None:
        """Take a model to train in place; nothing is written before the first checkpoint."""
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.half = self.device.type == "cuda" or torch.cpu._is_amx_tile_supported()
        self.model = model.to(self.device).train()
        self.encoder = encoder
        self.checkpoint = output / "checkpoint.pt"
        trained = [value for value in model.parameters() if value.requires_grad]
        decayed = [value for value in trained if value.ndim > 1]
        others = [value for value in trained if value.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=learning_rate)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer,
            lambda step: min((step + 1) / math.ceil(WARMUP * steps), 1.0 if average else (steps - step) / steps),
        )
        self.mean = deepcopy(self.model) if average else None
        self.replicas = [self.model, *self._make_replicas()]
        self.threads = ThreadPoolExecutor(len(self.replicas))
        if len(self.replicas) > 1:
            torch.set_num_threads(1)

    def _make_replicas(self) -> Iterator[Any]:
        """Models with the same weights in the same memory, and gradients of their own."""
        for _ in range(1, torch.get_num_threads() if self.device.type == "cpu" else 1):
            replica = deepcopy(self.model)
            for own, shared in zip(replica.parameters(), self.model.parameters(), strict=True):
                own.data = shared.data
            yield replica

    def run(self, batches: Sequence[Batch]) -> None:
        """Train on the batches that are left."""
        begin = self._resume()
        saved = time.monotonic()
        self.checkpoint.parent.mkdir(parents=True, exist_ok=True)
        with tqdm(total=len(batches), initial=begin, mininterval=10) as bar:
            loss = None
            for step in range(begin, len(batches)):
                value = self.step(batches[step])
                loss = value if loss is None else 0.98 * loss + 0.02 * value
                self._average(step + 1)
                bar.set_postfix(loss=f"{loss:.3f}", refresh=False)
                bar.update()
                if time.monotonic() - saved > CHECKPOINT_SECONDS:
                    self._save(step + 1)
                    saved = time.monotonic()
        if self.mean is not None:
            self.model.load_state_dict(self.mean.state_dict())
        (self.checkpoint.parent / "training.json").write_text(json.dumps({"steps": len(batches), "loss": loss}) + "\n")
        self.checkpoint.unlink(missing_ok=True)

    def step(self, batch: Batch) -> float:
        """One step of the optimizer; returns the mean loss of the rows."""
        parts = [batch[number :: len(self.replicas)] for number in range(len(self.replicas))]
        jobs = [(replica, part) for replica, part in zip(self.replicas, parts, strict=True) if part]
        losses = list(self.threads.map(lambda job: self._backward(*job, batch), jobs))
        for replica, _ in jobs[1:]:
            for own, shared in zip(replica.parameters(), self.model.parameters(), strict=True):
                if own.grad is not None and shared.grad is not None:
                    shared.grad += own.grad
                own.grad = None
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        self.optimizer.step()
        self.schedule.step()
        self.optimizer.zero_grad()
        return sum(losses)

    def _backward(self, model: Any, groups: Batch, whole: Batch) -> float:
        batch = encode_rows(self.encoder, [row for group in groups for row in group])
        inputs = {name: torch.from_numpy(values).to(self.device) for name, values in batch.inputs.items()}
        starts, ends = (torch.from_numpy(values).to(self.device) for values in (batch.starts, batch.ends))
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.half):
            found = model(**inputs)
        sizes, mask = [len(group) for group in groups], inputs["attention_mask"].bool()
        loss = torch.zeros((), device=self.device)
        for scores, places in ((found.start_logits.float(), starts), (found.end_logits.float(), ends)):
            alone = torch.nn.functional.cross_entropy(scores, places, reduction="sum") / sum(map(len, whole))
            loss = loss + (alone + group_loss(scores, places, mask, sizes) / len(whole)) / 4
        loss.backward()
        return float(loss.detach())

    def _average(self, steps: int) -> None:
        """Move the mean of the weights; the first steps count less, so that it does not stay where training began."""
        if self.mean is not None:
            kept = min(AVERAGE, steps / (steps + 10))
            with torch.no_grad():
                for mean, value in zip(self.mean.parameters(), self.model.parameters(), strict=True):
                    if value.requires_grad:
                        mean.lerp_(value, 1 - kept)

    def _save(self, step: int) -> None:
        partial = self.checkpoint.with_suffix(".partial")
        state = {"step": step, "model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}
        if self.mean is not None:
            state["mean"] = self.mean.state_dict()
        torch.save(state | {"schedule": self.schedule.state_dict()}, partial)
        partial.replace(self.checkpoint)

    def _resume(self) -> int:
        if not self.checkpoint.exists():
            return 0
        state = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        with torch.no_grad():
            for name, value in self.model.state_dict().items():
                value.copy_(state["model"][name])  # in place: the replicas share this memory
        if self.mean is not None:
            self.mean.load_state_dict(state["mean"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        return int(state["step"])


if __name__ == "__main__":
    main()
