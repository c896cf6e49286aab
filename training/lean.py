"""Write the exported graphs anew for speed, with the same weights.

    python -m training.lean src/histor/engines/embedded/weights

The int8 encoder that `quantize_dynamic` gives is kept number by number, but its hundreds of small nodes become
onnxruntime's fused ones: query, key and value are one product, the attention of a layer is one node, and neither mask
nor batch is there, as windows are read one at a time. Its vectors differ by the rounding of floats alone. The matrices
of the parser are stored in eight bits, each column with a scale of its own: of its answers one in a thousand differs.
`training.export` calls this; a folder that has been through it is left as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.network import HEADS, HIDDEN, LAYERS

Array = NDArray[Any]
QUANTISED_HEADS = ("syntax", "relations")  # those of events cost little and decide at thresholds
_CONTRIB = "com.microsoft"
_TABLES = ("encoder.word.weight", "encoder.shape.weight")
_TABLE_PARTS = ("_quantized", "_scale", "_zero_point")


class _Graph:
    """A graph that grows from its inputs to its output; `add` gives the name of what the new node makes."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.tensors: list[TensorProto] = []

    def hold(self, name: str, values: Array) -> str:
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, kind: str, inputs: list[str], *outputs: str, contrib: bool = False, **settings: Any) -> str:
        domain = _CONTRIB if contrib else ""
        self.nodes.append(helper.make_node(kind, inputs, list(outputs), name=outputs[0], domain=domain, **settings))
        return outputs[0]


class _Exported:
    """The encoder as torch and `quantize_dynamic` left it: its weights by their places in the network."""

    def __init__(self, model: ModelProto) -> None:
        self.tensors: dict[str, Array] = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
        self._makers = {output: node for node in model.graph.node for output in node.output}

    def linear(self, layer: int, part: str) -> tuple[Array, Array, Array, Array]:
        """Int8 weights ``[in, out]``, scales, zero points and bias ``[out]`` of one linear map of a layer."""
        added = self._makers[f"/encoder/layers.{layer}/{part}/Add_output_0"]
        node = self._makers[next(name for name in added.input if name.endswith("MatMul_output_0"))]
        while node.op_type != "MatMulInteger":
            node = self._makers[node.input[0]]
        stem = node.input[1].removesuffix("_quantized")
        weights, scales, zeros = (self.tensors[f"{stem}{part}"] for part in ("_quantized", "_scale", "_zero_point"))
        return weights, scales, zeros, self.tensors[f"encoder.layers.{layer}.{part}.bias"]


def lean_encoder(model: ModelProto) -> ModelProto:
    """The encoder with fused nodes: ``ids``, ``shapes`` [1, n] and ``index`` [w] to ``words`` [w, hidden]."""
    old, new = _Exported(model), _Graph()
    x = _normed(old, new, _embedded(old, new), "encoder.norm")
    for layer in range(LAYERS):
        name = f"encoder.layers.{layer}"
        x = _normed(old, new, new.add("Add", [x, _attended(old, new, x, layer)], f"{name}.sum1"), f"{name}.norm1")
        inner = _linear(new, x, f"{name}.inner", old.linear(layer, "inner"))
        inner = new.add("Gelu", [inner], f"{name}.gelu", contrib=True)
        outer = _linear(new, inner, f"{name}.outer", old.linear(layer, "outer"))
        x = _normed(old, new, new.add("Add", [x, outer], f"{name}.sum2"), f"{name}.norm2")
    new.hold("first", np.array([0], dtype=np.int64))
    new.add("Squeeze", [new.add("Gather", [x, "index"], "picked", axis=1), "first"], "words")
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, shape)
        for name, shape in (("ids", [1, "n"]), ("shapes", [1, "n"]), ("index", ["w"]))
    ]
    words = helper.make_tensor_value_info("words", TensorProto.FLOAT, ["w", HIDDEN])
    graph = helper.make_graph(new.nodes, "encoder", inputs, [words], new.tensors)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def _embedded(old: _Exported, new: _Graph) -> str:
    """The sum of word, shape, position and segment; the tables stay in eight bits under their names."""
    for table in _TABLES:
        for part in _TABLE_PARTS:
            new.hold(table + part, old.tensors[table + part])
    looked_up = []
    for table, indices in zip(_TABLES, ("ids", "shapes"), strict=True):
        rows = new.add("Gather", [f"{table}_quantized", indices], f"{table}.rows")
        scale, zero = f"{table}_scale", f"{table}_zero_point"
        looked_up.append(new.add("DequantizeLinear", [rows, scale, zero], f"{table}.vectors"))
    new.hold("positions", old.tensors["encoder.position.weight"] + old.tensors["encoder.segment"])
    new.hold("begin", np.array([0], dtype=np.int64))
    length = new.add("Shape", ["ids"], "length", start=1, end=2)
    position = new.add("Slice", ["positions", "begin", length], "position")
    return new.add("Add", [new.add("Add", [looked_up[0], position], "placed"), looked_up[1]], "embedded")


def _normed(old: _Exported, new: _Graph, x: str, name: str) -> str:
    weights = [new.hold(f"{name}.{part}", old.tensors[f"{name}.{part}"]) for part in ("weight", "bias")]
    return new.add("LayerNormalization", [x, *weights], f"{name}.out", axis=-1, epsilon=1e-12)


def _attended(old: _Exported, new: _Graph, x: str, layer: int) -> str:
    """Self-attention of one layer, with its output projection."""
    name = f"encoder.layers.{layer}"
    parts = [old.linear(layer, part) for part in "qkv"]
    weights, scales, zeros, bias = (np.concatenate(part, axis=-1) for part in zip(*parts, strict=True))
    rounded, scale, zero = f"{name}.in", f"{name}.in_scale", f"{name}.in_zero"
    new.add("DynamicQuantizeLinear", [x], rounded, scale, zero)
    held = {part: new.hold(f"{name}.qkv_{part}", values) for part, values in (
        ("weight", weights), ("bias", bias), ("scale", scales), ("zero", zeros),
    )}  # fmt: skip
    context = new.add(
        "QAttention", [rounded, held["weight"], held["bias"], scale, held["scale"], "", zero, held["zero"]],
        f"{name}.context", contrib=True, num_heads=HEADS,
    )  # fmt: skip
    return _linear(new, context, f"{name}.o", old.linear(layer, "o"))


def _linear(new: _Graph, x: str, name: str, parts: tuple[Array, Array, Array, Array]) -> str:
    held = [
        new.hold(f"{name}.{part}", values)
        for part, values in zip(("weight", "scale", "zero", "bias"), parts, strict=True)
    ]
    return new.add("DynamicQuantizeMatMul", [x, *held], f"{name}.out", contrib=True)


def lean_head(path: Path) -> None:
    """Store the matrices of the head at `path` in eight bits, a scale a column."""
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / path.name
        whole.write_bytes(path.read_bytes())
        quantize_dynamic(
            whole, path, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gemm"]
        )


def make_lean(weights: Path) -> list[str]:
    """Rewrite the graphs in `weights` that are not lean yet, and their digests in the manifest; their names."""
    changed = []
    encoder = onnx.load(weights / "encoder.onnx")
    if any(given.name == "mask" for given in encoder.graph.input):
        onnx.save(lean_encoder(encoder), weights / "encoder.onnx")
        changed.append("encoder.onnx")
    for name in QUANTISED_HEADS:
        path = weights / f"{name}.onnx"
        if not any(node.op_type == "DynamicQuantizeLinear" for node in onnx.load(path).graph.node):
            lean_head(path)
            changed.append(path.name)
    manifest = json.loads((weights / "manifest.json").read_text())
    for file in changed:
        manifest["files"][file] = hashlib.sha256((weights / file).read_bytes()).hexdigest()
    (weights / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    return changed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    print("\n".join(make_lean(parser.parse_args().weights)) or "nothing to do")


if __name__ == "__main__":
    main()
