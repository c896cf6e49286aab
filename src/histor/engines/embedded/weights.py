"""The shipped weights: checked against their pinned digests, then opened as ONNX sessions."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Tokenizer

from histor.model.errors import ConfigError

ort.disable_telemetry_events()  # nothing leaves this machine

WEIGHTS = Path(__file__).parent / "weights"
_GRAPHS = ("encoder", "tags", "syntax", "relations", "attributes", "roles")
_SLOWER = [
    "SkipLayerNormFusion"
]  # of onnxruntime's rewritings: nine times as long as the sum and norm that it replaces


@dataclass(frozen=True)
class Weights:
    """Sessions by graph, label inventories by head, and the word-piece tokenizer."""

    version: str
    window: int
    labels: dict[str, list[str]]
    tokenizer: Tokenizer
    sessions: dict[str, ort.InferenceSession]

    def run(self, graph: str, inputs: dict[str, NDArray[Any]]) -> list[NDArray[Any]]:
        """Outputs of `graph` for named inputs."""
        found: list[NDArray[Any]] = self.sessions[graph].run(None, inputs)
        return found


def read_manifest(folder: Path = WEIGHTS) -> dict[str, Any]:
    """The manifest beside the weights. Raises ConfigError if it is missing or broken."""
    path = folder / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(
            "engine.weights", "the model's manifest is missing or broken", where=str(path),
            do="Install histor again (pip install --force-reinstall histor).",
        ) from error  # fmt: skip
    return manifest


def check_digests(folder: Path, files: dict[str, str]) -> None:
    """Compare each file with its pinned SHA-256; raises ConfigError on the first that differs."""
    for name, pinned in files.items():
        path = folder / name
        try:
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            found = "missing"
        if found != pinned:
            raise ConfigError(
                "engine.weights", f"a model file is not the one that was shipped ({found[:12]})",
                where=str(path), do="Install histor again (pip install --force-reinstall histor).",
            )  # fmt: skip


def load_weights(folder: Path = WEIGHTS) -> Weights:
    """Check and open the weights in `folder`; one thread a session, so results do not vary."""
    manifest = read_manifest(folder)
    check_digests(folder, manifest["files"])
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    sessions = {
        name: ort.InferenceSession(
            str(folder / f"{name}.onnx"),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=_SLOWER,
        )
        for name in _GRAPHS
    }
    tokenizer, labels = load_vocabulary(folder)
    return Weights(manifest["version"], manifest["window"], labels, tokenizer, sessions)


def load_vocabulary(folder: Path = WEIGHTS) -> tuple[Tokenizer, dict[str, list[str]]]:
    """The word-piece tokenizer and the label inventories in `folder`."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer, json.loads((folder / "labels.json").read_text(encoding="utf-8"))


def as_int(values: list[Any]) -> NDArray[np.int64]:
    """A list (of lists) of integers as the 64-bit array that the graphs take."""
    return np.asarray(values, dtype=np.int64)
