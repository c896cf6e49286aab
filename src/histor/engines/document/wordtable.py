"""The word embeddings of the shipped encoder, read out of its ONNX file, so that a second encoder need not repeat them.

The table was frozen in all trainings; both encoders were made for it. Only the few fields of the ONNX format that
lead to an initialiser are read (onnx.proto: ModelProto.graph = 7, GraphProto.initializer = 5, TensorProto.dims = 1,
float_data = 4, int32_data = 5, name = 8, raw_data = 9).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histor.model.errors import ConfigError

_TABLE = "encoder.word.weight"


class WordTable:
    """8-bit rows with one scale; a look-up gives 32-bit vectors ``[…, hidden]``."""

    def __init__(self, rows: NDArray[np.uint8], scale: float, zero: int) -> None:
        self._rows, self._scale, self._zero = rows, np.float32(scale), np.float32(zero)

    @classmethod
    def read(cls, path: Path) -> WordTable:
        """The table in the encoder at `path`. Raises ConfigError if it is not there."""
        wanted = {f"{_TABLE}_quantized", f"{_TABLE}_scale", f"{_TABLE}_zero_point"}
        found = {name: tensor for name, tensor in _initialisers(path.read_bytes()) if name in wanted}
        try:
            quantized = found[f"{_TABLE}_quantized"]
            rows = np.frombuffer(quantized.raw, dtype=np.uint8).reshape(quantized.dims)
            return cls(
                rows, found[f"{_TABLE}_scale"].number(np.float32), int(found[f"{_TABLE}_zero_point"].number(np.uint8))
            )
        except (KeyError, ValueError) as error:
            raise ConfigError(
                "engine.weights", f"the encoder holds no table of word embeddings ({error})", where=str(path),
                do="Install histor again (pip install --force-reinstall histor).",
            ) from error  # fmt: skip

    @property
    def digest(self) -> str:
        """SHA-256 of the rows, by which a head knows the table that it was made for."""
        return hashlib.sha256(self._rows.tobytes()).hexdigest()

    def __call__(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        return np.asarray((self._rows[ids].astype(np.float32) - self._zero) * self._scale, dtype=np.float32)


class _Tensor:
    """Dimensions and data of one initialiser."""

    def __init__(self, fields: list[tuple[int, int | memoryview]]) -> None:
        self.dims: list[int] = []
        self.raw: bytes | memoryview = b""
        self.numbers: list[float] = []
        for number, value in fields:
            if number == 1:
                self.dims.extend([value] if isinstance(value, int) else _varints(value))
            elif number == 4 and not isinstance(value, int):
                self.numbers.extend(np.frombuffer(value, dtype="<f4").tolist())
            elif number == 5:
                self.numbers.extend([value] if isinstance(value, int) else _varints(value))
            elif number == 9 and not isinstance(value, int):
                self.raw = value

    def number(self, kind: type[np.generic]) -> float:
        """The only number of a scalar, from raw bytes or from a list."""
        return float(np.frombuffer(self.raw, dtype=kind)[0]) if len(self.raw) else self.numbers[0]


def _initialisers(data: bytes) -> Iterator[tuple[str, _Tensor]]:
    for number, graph in _fields(memoryview(data)):
        if number != 7 or isinstance(graph, int):
            continue
        for inner, tensor in _fields(graph):
            if inner == 5 and not isinstance(tensor, int):
                fields = list(_fields(tensor))
                names = [bytes(v).decode() for n, v in fields if n == 8 and not isinstance(v, int)]
                yield names[0] if names else "", _Tensor(fields)


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Field numbers and values of a protobuf message, in the order of the file."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield number, value
            continue
        if wire == 2:
            size, at = _varint(data, at)
        elif wire in {1, 5}:
            size = 8 if wire == 1 else 4
        else:
            raise ValueError(f"wire type {wire}")
        yield number, data[at : at + size]
        at += size


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _varints(data: memoryview) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value
