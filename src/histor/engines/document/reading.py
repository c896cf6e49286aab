"""What the document head says of one report, before templates are put together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from histor.engines.document.candidates import Candidate

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Reading:
    """Log-odds by wording (normal form of a phrase) and for the report.

    `roles` is ``[wording, role]``, `types` ``[incident type]``; for the wordings numbered in `chosen` (those likely
    enough to matter) `wording_types` is ``[chosen, incident type]``, `same` and `shared` are ``[chosen, chosen]``: that
    two wordings name one entity, and that two belong to one incident.
    """

    candidates: list[Candidate]
    keys: list[str]
    owner: list[int]
    roles: Floats
    types: Floats
    chosen: list[int]
    wording_types: Floats
    same: Floats
    shared: Floats


def pool(scores: Floats, vectors: Floats, owner: list[int], count: int) -> tuple[Floats, Floats]:
    """Scores and vectors of wordings from those of their occurrences, as `training.document_network.pool` has it."""
    index = np.asarray(owner)
    top = np.full((count, scores.shape[1]), -np.inf, dtype=np.float32)
    np.maximum.at(top, index, scores)
    summed = np.zeros_like(top)
    np.add.at(summed, index, np.exp(scores - top[index]))
    weight = np.exp(scores.max(-1) - top.max(-1)[index])
    total = np.zeros(count, dtype=np.float32)
    np.add.at(total, index, weight)
    mean = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    np.add.at(mean, index, vectors * weight[:, None])
    return top + np.log(summed), mean / total[:, None]


def sigmoid(x: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -60.0, 60.0))), dtype=np.float32)
