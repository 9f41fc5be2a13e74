"""The packaged model as one ONNX graph: made in memory from its own weights, with the operators that run fastest.

The one rule: nothing of the model is stored twice; the graph is drawn anew at each start, from checked weights.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnx import NodeProto

LAYERS, HEADS, DIMENSION = 6, 12, 384
EPSILON = 1e-12
IDS, TYPES, VECTORS = "ids", "types", "vectors"
"""The graph's inputs, `(texts, tokens)` int32, and its output, `(texts, DIMENSION)` float32, rows of unit length."""
FUSED = "com.microsoft"
OPSET, FUSED_OPSET, IR_VERSION = 18, 1, 9

Weights = Mapping[str, NDArray[np.float32]]


def draw_graph(weights: Weights) -> tuple[bytes, dict[str, NDArray[np.float32]]]:
    """A BERT encoder with mean pooling as a serialised ONNX model, and the tensors that it refers to by name.

    `weights` are those of all-MiniLM-L6-v2 by their names in its safetensors file. There is no attention mask: the
    texts of one run must have equally many tokens, none of them padding.
    """
    from onnx import TensorProto, helper

    drawing = _Drawing(weights)
    drawing.embed()
    for number in range(LAYERS):
        drawing.add_layer(number)
    drawing.pool()
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT32, ["texts", "tokens"]) for name in (IDS, TYPES)]
    outputs = [helper.make_tensor_value_info(VECTORS, TensorProto.FLOAT, ["texts", DIMENSION])]
    axis = helper.make_tensor("token_axis", TensorProto.INT64, [1], [1])
    outside = [_outside(name, tensor) for name, tensor in drawing.tensors.items()]
    graph = helper.make_graph(drawing.nodes, "encoder", inputs, outputs, [axis, *outside])
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, FUSED_OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
    return model.SerializeToString(), drawing.tensors


class _Drawing:
    """The nodes so far, the tensors they use, and the name of what flows out of the last."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self.nodes: list[NodeProto] = []
        self.tensors: dict[str, NDArray[np.float32]] = {}
        self._flow = ""

    def embed(self) -> None:
        """Word, position and type embeddings, added up and normalised."""
        names = ("word_embeddings.weight", "position_embeddings.weight", "token_type_embeddings.weight")
        given = [self._take(f"embeddings.{name}") for name in (*names, "LayerNorm.weight", "LayerNorm.bias")]
        self._add("EmbedLayerNormalization", [IDS, TYPES, *given], ["embedded", "unused_mask"], epsilon=EPSILON)
        self._flow = "embedded"

    def add_layer(self, number: int) -> None:
        """One transformer layer: attention over the text, then two dense layers, each added to what came in."""
        layer = f"encoder.layer.{number}."
        heads = [f"{layer}attention.self.{name}" for name in ("query", "key", "value")]
        weight = np.concatenate([self._weights[f"{head}.weight"].T for head in heads], axis=1)
        bias = np.concatenate([self._weights[f"{head}.bias"] for head in heads])
        given = [self._keep(f"{layer}qkv.weight", weight), self._keep(f"{layer}qkv.bias", bias)]
        attended, widened = f"{layer}attended", f"{layer}widened"
        self._add("Attention", [self._flow, *given], [attended], num_heads=HEADS)
        self._join(f"{layer}attention.output.", attended)
        product = self._multiply(f"{layer}intermediate.dense", self._flow)
        self._add("BiasGelu", [product, self._take(f"{layer}intermediate.dense.bias")], [widened])
        self._join(f"{layer}output.", widened)

    def pool(self) -> None:
        """The mean over the tokens, at unit length."""
        self._add("ReduceMean", [self._flow, "token_axis"], ["mean"], domain="", keepdims=0)
        self._add("LpNormalization", ["mean"], [VECTORS], domain="", axis=-1, p=2)

    def _join(self, block: str, branch: str) -> None:
        """A dense layer on the branch, added to the flow and normalised."""
        product = self._multiply(f"{block}dense", branch)
        names = ("LayerNorm.weight", "LayerNorm.bias", "dense.bias")
        given = [self._take(block + name) for name in names]
        self._add("SkipLayerNormalization", [product, self._flow, *given], [f"{block}joined"], epsilon=EPSILON)
        self._flow = f"{block}joined"

    def _multiply(self, dense: str, branch: str) -> str:
        # Turned once here, so that onnxruntime can pack the matrix before the first text.
        weight = self._keep(f"{dense}.weight", self._weights[f"{dense}.weight"].T)
        self._add("MatMul", [branch, weight], [f"{dense}.product"], domain="")
        return f"{dense}.product"

    def _take(self, name: str) -> str:
        return self._keep(name, self._weights[name])

    def _keep(self, name: str, tensor: NDArray[np.float32]) -> str:
        self.tensors[name] = np.ascontiguousarray(tensor)
        return name

    def _add(self, kind: str, given: list[str], results: list[str], domain: str = FUSED, **attributes: Any) -> None:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, given, results, domain=domain, **attributes))


def _outside(name: str, tensor: NDArray[np.float32]) -> Any:
    """The place of a tensor that is handed over beside the graph: nothing is copied, and no file is read."""
    from onnx import TensorProto

    place = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=tensor.shape, data_location=TensorProto.EXTERNAL)
    for key, value in (("location", "handed over"), ("offset", "0"), ("length", str(tensor.nbytes))):
        place.external_data.add(key=key, value=value)
    return place
