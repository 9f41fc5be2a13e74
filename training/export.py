"""Turn a trained reader into what ships: `python -m training.export MODEL_FOLDER [--target FOLDER]`.

The weights become ONNX with fused attention and int8 matrices (dynamic quantization, one scale a column), beside the
tokenizer and a manifest with the sha256 of each. Prints how far the scores move. All eight bits are used: seven
(`reduce_range`) are no faster, and put the null answer's score 2.4 times as far off.
"""

import argparse
import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from assistant.pairs import PairEncoder
from assistant.span_models import MODEL_FOLDER, NamedModel, PackagedModel

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ("start_logits", "end_logits")
OPSET = 17
FLOAT = 1
"""ONNX' number for float32, the type of what the graph does not name a type for."""
TRIED = (
    ("Who opened the bridge?", "Bridge opens", "Mayor Ida Moen opened the bridge over the Tamsel on Friday."),
    ("What did the bridge cost?", "Bridge opens", "It was paid for by the region. The work took four years."),
)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--target", type=Path, default=MODEL_FOLDER)
    chosen = parser.parse_args()
    model = AutoModelForQuestionAnswering.from_pretrained(chosen.model, attn_implementation="eager").eval()
    tokenizer = AutoTokenizer.from_pretrained(chosen.model)
    chosen.target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        fused = _export(model, tokenizer, Path(folder))
        quantize_dynamic(
            fused,
            chosen.target / "model.onnx",
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": FLOAT},
        )
    (chosen.target / "tokenizer.json").write_text(tokenizer.backend_tokenizer.to_str(), encoding="utf-8")
    _write_manifest(chosen.target)
    compare(chosen.model, chosen.target)


class _Scores(torch.nn.Module):
    """The model with its inputs in order and its scores as a pair."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        found = self.model(**dict(zip(INPUTS, inputs, strict=True)))
        return found.start_logits, found.end_logits


def _export(model: Any, tokenizer: Any, folder: Path) -> Path:
    """The model as ONNX in float32, its attention and layer norms fused."""
    given = tokenizer("a question", "a passage", return_tensors="pt")
    axes = {name: {0: "windows", 1: "tokens"} for name in (*INPUTS, *OUTPUTS)}

    torch.onnx.export(
        _Scores(model),
        tuple(given[name] for name in INPUTS),
        folder / "plain.onnx",
        input_names=INPUTS,
        output_names=OUTPUTS,
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )
    heads, width = model.config.num_attention_heads, model.config.hidden_size
    fused = optimizer.optimize_model(str(folder / "plain.onnx"), "bert", num_heads=heads, hidden_size=width)
    fused.save_model_to_file(str(folder / "fused.onnx"))
    return folder / "fused.onnx"


def _write_manifest(folder: Path) -> None:
    hashes = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("model.onnx", "tokenizer.json")
    }
    (folder / "manifest.json").write_text(json.dumps({"sha256": hashes}, indent=2) + "\n", encoding="utf-8")


def compare(trained: Path, shipped: Path) -> None:
    """Print the largest difference of a score between the trained model and what ships."""
    before, after = NamedModel(str(trained)), PackagedModel(shipped)
    encoder: PairEncoder = after.encoder
    windows = [encoder.windows(*pair)[0] for pair in TRIED]
    pairs = zip(before.score(windows), after.score(windows), strict=True)
    moved = max(float(np.abs(old - new).max()) for olds, news in pairs for old, new in zip(olds, news, strict=True))
    megabytes = (shipped / "model.onnx").stat().st_size / 1e6
    print(f"{shipped}: {megabytes:.1f} MB; scores move by at most {moved:.2f}")


if __name__ == "__main__":
    main()
