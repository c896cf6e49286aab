"""Sentence-level roles beside the document head's: what the engine's proposals say of a wording's heads.

A logistic regression a role (fitted on reports held out of the head's training) joins the head's log-odds with them.
"""

from __future__ import annotations

import numpy as np

from histor.engines.document.candidates import Candidate
from histor.engines.document.features import ROLES
from histor.engines.document.reading import Floats, Reading
from histor.model.annotation import Annotation, Proposal

EVIDENCE = ("actor", "recipient", "weapon")
_VIOLENCE = {"ASSAULT": 1.0, "COERCE": 0.5, "THREATEN": 0.3}  # share of each type that belongs to MUC-4's incidents
Weights = tuple[tuple[float, ...], ...]
"""For each role: constant, head's log-odds, each of `EVIDENCE`, log-odds of the report's likeliest incident type."""

AS_READ: Weights = tuple((0.0, 1.0, 0.0, 0.0, 0.0, 0.0) for _ in ROLES)


def evidence(annotation: Annotation, found: list[Candidate], owner: list[int], count: int) -> Floats:
    """``[wording, 3]``: the greatest chance that an occurrence's head is actor, recipient or weapon of violence."""
    result = np.zeros((count, len(EVIDENCE)), np.float32)
    spans = [
        (role.start, role.end, EVIDENCE.index(role.role), role.score * _violence(proposal))
        for proposal in annotation.proposals
        for role in proposal.roles
        if role.role in EVIDENCE
    ]
    for candidate, wording in zip(found, owner, strict=True):
        head = annotation.sentences[candidate.sentence].tokens[candidate.head]
        for start, end, k, chance in spans:
            if start <= head.start and head.end <= end:
                result[wording, k] = max(result[wording, k], chance)
    return result


def _violence(proposal: Proposal) -> float:
    return proposal.score * sum(share * proposal.types.get(kind, 0.0) for kind, share in _VIOLENCE.items())


def inputs(reading: Reading, role: int) -> Floats:
    """What the regression of a role sees: ``[wording, 6]``."""
    n = len(reading.keys)
    ones = np.ones((n, 1), np.float32)
    top = np.full((n, 1), reading.types.max(initial=-20.0), np.float32)
    return np.concatenate([ones, reading.roles[:, role : role + 1], reading.evidence, top], 1)


def fused(reading: Reading, weights: Weights) -> Floats:
    """Log-odds ``[wording, role]`` of head and sentences together."""
    if not reading.keys:
        return reading.roles
    columns = [inputs(reading, r) @ np.asarray(weights[r], np.float32) for r in range(len(ROLES))]
    return np.stack(columns, 1).astype(np.float32)
