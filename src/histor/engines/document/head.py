"""The document head: who did it, to whom and with what, read over the whole report at once.

Its weights lie in a folder of their own that can be left out (they were trained on MUC-4, which has no licence text);
`available` says whether they are there, and nothing else in histor needs them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from histor.engines.document.assembly import Settings, settings_from
from histor.engines.document.candidates import candidates
from histor.engines.document.features import TYPES, feature_rows, lexical_features, pack_report
from histor.engines.document.reading import Floats, Reading, pool
from histor.engines.document.wordtable import WordTable
from histor.engines.embedded import weights as embedded
from histor.engines.embedded.weights import as_int, check_digests, read_manifest
from histor.engines.embedded.windows import Pieces, Window
from histor.model.annotation import Annotation
from histor.model.errors import ConfigError

ort.disable_telemetry_events()  # nothing leaves this machine

DOCUMENT_WEIGHTS = Path(__file__).parent / "weights"
_GRAPHS = ("encoder", "spans", "wordings")
_FAINT = -3.5  # log-odds below which a wording is not looked at further
_MOST = 80  # wordings looked at further


def available(folder: Path = DOCUMENT_WEIGHTS) -> bool:
    """Whether the head's weights are installed."""
    return (folder / "manifest.json").is_file()


class DocumentHead:
    """Sessions of the head's three graphs, the word table of the shipped encoder and the tuned settings.

    `labels` are the inventories of relations and parts of speech as they stood in training, whatever engine parses.
    """

    def __init__(
        self, sessions: dict[str, ort.InferenceSession], table: WordTable, tokenizer: Any,
        labels: dict[str, list[str]], settings: Settings, version: str,
    ) -> None:  # fmt: skip
        self._sessions, self._table, self._pieces, self._labels = sessions, table, Pieces(tokenizer), labels
        self.settings, self.version = settings, version

    @classmethod
    def load(cls, folder: Path = DOCUMENT_WEIGHTS, engine: Path = embedded.WEIGHTS) -> DocumentHead:
        """Open the weights in `folder` beside those of the embedded engine.

        Raises ConfigError if they are left out of this installation or are not the pinned ones.
        """
        if not available(folder):
            raise ConfigError(
                "document.weights", "the document head is not part of this installation", where=str(folder),
                do="Install a build that has it, or train it: docs, How to train the model again.",
            )  # fmt: skip
        manifest = read_manifest(folder)
        check_digests(folder, manifest["files"])
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        sessions = {
            name: ort.InferenceSession(str(folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"])
            for name in _GRAPHS
        }
        table = WordTable.read(engine / "encoder.onnx")
        if table.digest != manifest["words"]:
            raise ConfigError(
                "document.weights", "the document head was made for another encoder's word embeddings", where=str(folder),
                do="Train and export it again from this engine: docs, How to train the model again.",
            )  # fmt: skip
        tokenizer, _ = embedded.load_vocabulary(engine)
        settings = settings_from(manifest["settings"])
        return cls(sessions, table, tokenizer, manifest["labels"], settings, manifest["version"])

    def read(self, text: str, annotation: Annotation) -> Reading:
        """The head's reading of a report that an engine has annotated."""
        found = candidates(text, annotation)
        if not found:
            return _nothing()
        windows, offsets = pack_report(annotation, self._pieces)
        keys, owner, points, features = feature_rows(annotation, found, offsets, self._labels)
        words = np.concatenate([self._encode(w) for w in windows])
        scores, vectors, types = self._sessions["spans"].run(
            None, {"words": words, "points": as_int(points), "features": as_int(features)}
        )
        roles, pooled = pool(scores, vectors, owner, len(keys))
        order = np.argsort(-roles.max(-1), kind="stable")[:_MOST]
        chosen = sorted(int(k) for k in order if roles[k].max() > _FAINT)
        wording_types, pairs = self._compare([keys[k] for k in chosen], pooled[chosen])
        return Reading(found, keys, owner, roles, types, chosen, wording_types, pairs[..., 0], pairs[..., 1])

    def _encode(self, window: Window) -> Floats:
        ids = as_int([window.ids])
        index = [start for sentence in window.words for start in sentence]
        inputs: dict[str, NDArray[Any]] = {
            "words": self._table(ids), "mask": np.ones_like(ids), "shapes": as_int([window.shapes]), "index": as_int(index)
        }  # fmt: skip
        result: Floats = self._sessions["encoder"].run(None, inputs)[0]
        return result

    def _compare(self, keys: list[str], vectors: Floats) -> tuple[Floats, Floats]:
        """Incident types of wordings ``[n, 6]`` and what pairs of them share ``[n, n, 2]``."""
        n = len(keys)
        if not n:
            return np.zeros((0, len(TYPES)), np.float32), np.zeros((0, 0, 2), np.float32)
        pairs = [(i, j) for i in range(n) for j in range(n)]
        inputs: dict[str, NDArray[Any]] = {
            "vectors": vectors, "first": as_int([i for i, _ in pairs]), "second": as_int([j for _, j in pairs]),
            "lexical": np.asarray([lexical_features(keys[i], keys[j]) for i, j in pairs], dtype=np.float32),
        }  # fmt: skip
        types, shared = self._sessions["wordings"].run(None, inputs)
        return types, shared.reshape(n, n, 2)


def _nothing() -> Reading:
    none = np.zeros((0, 5), np.float32)
    blank = np.zeros((0, 0), np.float32)
    types = np.full(len(TYPES), -20.0, np.float32)
    return Reading([], [], [], none, types, [], np.zeros((0, len(TYPES)), np.float32), blank, blank)
