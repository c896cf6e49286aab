"""MUC-4 reports with their keys, as the document head is trained on them."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from histor.engines.document.candidates import Candidate, candidates, normal_form
from histor.engines.document.features import ROLES, TYPES, feature_rows, lexical_features, pack_report
from histor.engines.embedded.windows import Pieces, Window
from histor.model.annotation import Annotation


@dataclass
class Example:
    """One report: windows, words, candidates, wordings and what the key says of them."""

    id: str
    text: str
    gold: list[dict[str, Any]]
    windows: list[Window]
    found: list[Candidate]
    keys: list[str]
    owner: list[int]
    points: list[list[int]]
    features: list[list[int]]
    types: list[float]
    roles: list[list[float]] = field(default_factory=list)
    wording_types: list[tuple[int, list[float]]] = field(default_factory=list)
    pairs: list[tuple[int, int, float, float]] = field(default_factory=list)
    lexical: list[list[float]] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(len(w.ids) for w in self.windows)


def types_of(template: dict[str, Any]) -> set[int]:
    """Indices of the incident types of a template; a few name two ("bombing / attack")."""
    return {TYPES.index(name.strip()) for name in template["incident_type"].split("/")}


def read_example(
    record: dict[str, Any], annotation: Annotation, pieces: Pieces, labels: dict[str, list[str]]
) -> Example:
    text = record["doctext"]
    windows, offsets = pack_report(annotation, pieces)
    found = candidates(text, annotation)
    keys, owner, points, features = feature_rows(annotation, found, offsets, labels)
    templates = record.get("templates", [])
    stated = set().union(*(types_of(t) for t in templates)) if templates else set()
    types = [float(k in stated) for k in range(len(TYPES))]
    example = Example(record["docid"], text, templates, windows, found, keys, owner, points, features, types)
    _label(example)
    return example


def _label(example: Example) -> None:
    """Roles, types and pairs of the wordings that the key names."""
    index = {key: k for k, key in enumerate(example.keys)}
    example.roles = [[0.0] * len(ROLES) for _ in example.keys]
    types: dict[int, set[int]] = {}
    entities: dict[tuple[int, int], set[tuple[int, ...]]] = {}
    templates: dict[int, set[int]] = {}
    for number, template in enumerate(example.gold):
        for r, role in enumerate(ROLES):
            for entity in template[role]:
                named = tuple(sorted({index[k] for m in entity if (k := normal_form(m[0])) in index}))
                for wording in named:
                    example.roles[wording][r] = 1.0
                    types.setdefault(wording, set()).update(types_of(template))
                    templates.setdefault(wording, set()).add(number)
                    entities.setdefault((r, wording), set()).add(named)
    example.wording_types = [(w, [float(k in t) for k in range(len(TYPES))]) for w, t in sorted(types.items())]
    named = sorted(templates)
    for i, a in enumerate(named):
        for b in named[i + 1 :]:
            same = _same_entity(entities, a, b)
            shared = math.nan if same == 1.0 else float(bool(templates[a] & templates[b]))
            example.pairs.append((a, b, same, shared))
            example.lexical.append(lexical_features(example.keys[a], example.keys[b]))


def _same_entity(entities: dict[tuple[int, int], set[tuple[int, ...]]], a: int, b: int) -> float:
    """1 where a role lists both as one entity, 0 where it lists them as two, else undefined."""
    shared = [r for r in range(len(ROLES)) if (r, a) in entities and (r, b) in entities]
    if not shared:
        return math.nan
    return float(any(b in entity for r in shared for entity in entities[r, a]))


def read_muc4(path: Path) -> list[dict[str, Any]]:
    """Records of ``templates/{train,dev}.json``. The file has one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
