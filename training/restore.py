"""Make the reader that ships trainable again: `python -m training.restore FOLDER [--source MODEL_FOLDER]`.

Training that goes on where the shipped weights stopped needs them in float32, which are 90 MB and not kept. The int8
weights are taken back to float, and the folder can be given to `training.train --start-from`. Prints how far the scores
of the two differ.

The one rule: what the model computes stays the same; only the int8 rounding of its inputs at run time is gone.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from assistant.span_models import MODEL_FOLDER
from index.weights import packaged_model_folder
from training.export import compare

PREFIX = "model."
"""Stands before each name of the model's, as `training.export` wraps it."""
DENSE = ("attention.output.dense", "intermediate.dense", "output.dense")
"""The matrices of a layer that are not attention's own, in the order of the graph."""
EMBEDDINGS = tuple(f"bert.embeddings.{name}_embeddings.weight" for name in ("word", "position", "token_type"))
Array = NDArray[np.float32]


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path)
    parser.add_argument("--source", type=Path, default=MODEL_FOLDER)
    chosen = parser.parse_args()
    model = AutoModelForQuestionAnswering.from_pretrained(packaged_model_folder())
    start = {name: value.numpy().copy() for name, value in model.state_dict().items()}
    found = restore(onnx.load(str(chosen.source / "model.onnx")).graph, start)
    missing, unexpected = model.load_state_dict(
        {name: torch.from_numpy(value.copy()) for name, value in found.items()}, strict=False
    )
    if unexpected or any("position_ids" not in name for name in missing):
        raise SystemExit(f"{chosen.source} is another model: missing {missing}, unexpected {unexpected}")
    model.save_pretrained(chosen.target)
    AutoTokenizer.from_pretrained(packaged_model_folder()).save_pretrained(chosen.target)
    compare(chosen.target, chosen.source)


def restore(graph: onnx.GraphProto, start: dict[str, Array]) -> dict[str, Array]:
    """The model's weights by their names in transformers; `start` are those that training began with."""
    kept = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    found = {
        name.removeprefix(PREFIX): value
        for name, value in kept.items()
        if name.startswith(PREFIX) and value.dtype == np.float32 and not name.endswith("_scale")
    }
    for name in kept:
        plain = name.removesuffix("_quantized").removeprefix(PREFIX)
        if name.endswith("_quantized") and plain in start:
            near = start[plain] if plain in EMBEDDINGS else None
            found[plain] = _to_float(kept, name, near)
    attentions = [node for node in graph.node if node.op_type == "QAttention"]
    for layer, node in enumerate(attentions):
        weights = np.split(_to_float(kept, node.input[1]), 3, axis=1)
        biases = np.split(kept[node.input[2]], 3)
        for part, weight, bias in zip(("query", "key", "value"), weights, biases, strict=True):
            name = f"bert.encoder.layer.{layer}.attention.self.{part}"
            found[f"{name}.weight"], found[f"{name}.bias"] = weight.T.copy(), bias
    names = [f"bert.encoder.layer.{layer}.{name}" for layer in range(len(attentions)) for name in DENSE]
    products = [node.input[1] for node in graph.node if node.op_type == "MatMulInteger"]
    for name, matrix in zip([*names, "qa_outputs"], products, strict=True):
        found[f"{name}.weight"] = _to_float(kept, matrix).T.copy()
    return found


def _to_float(kept: dict[str, NDArray[np.generic]], name: str, near: Array | None = None) -> Array:
    """An int8 tensor as float32; `near` are values that it was close to, and the nearest that round alike are taken.

    Training moves an embedding by less than a step of its int8 numbers, so that where it began tells more than those.
    """
    plain = name.removesuffix("_quantized")
    scale = np.asarray(kept[f"{plain}_scale"], np.float32)
    value = (kept[name].astype(np.float32) - kept[f"{plain}_zero_point"].astype(np.float32)) * scale
    return value if near is None else np.clip(near, value - scale / 2, value + scale / 2)


if __name__ == "__main__":
    main()
