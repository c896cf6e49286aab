"""From a reading of a report to incident templates: wordings to entities, entities to incidents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from histor.engines.document.features import ROLES, TYPES
from histor.engines.document.reading import Reading, sigmoid


@dataclass(frozen=True)
class Settings:
    """Probabilities from which something is taken; tuned by `training.document_tune`."""

    roles: tuple[float, ...] = (0.25, 0.2, 0.25, 0.25, 0.3)
    faint: float = 0.1  # a wording below this adds nothing to its entity
    same: float = 0.6  # from which two wordings are one entity
    present: float = 0.06  # of some incident at all
    type: float = 0.3  # of each further incident type
    entity_type: float = 0.6  # of an entity's taking part in an incident of a further type
    split: float = 0.35  # below this two entities of a type stand in different incidents; 0: never


def settings_from(stored: dict[str, Any]) -> Settings:
    """Settings as they were stored in JSON, where tuples are lists."""
    return Settings(**{**stored, "roles": tuple(stored["roles"])})


@dataclass(frozen=True)
class Entity:
    """One participant: its wordings, likeliest first, and the probability that it fills the role."""

    role: str
    wordings: tuple[int, ...]
    score: float


@dataclass(frozen=True)
class Template:
    """One incident as the report tells it: type, its probability and who and what took part."""

    type: str
    score: float
    entities: tuple[Entity, ...]


def assemble(reading: Reading, settings: Settings) -> list[Template]:
    """Incidents of a report, likeliest type first; none if it seems to tell of none."""
    types = sigmoid(reading.types)
    if types.max(initial=0.0) < settings.present:
        return []
    entities = [e for r in range(len(ROLES)) for e in find_entities(reading, r, settings)]
    taken = [t for t in np.argsort(-types, kind="stable").tolist() if types[t] >= settings.type]
    taken = taken or [int(types.argmax())]
    position = {w: k for k, w in enumerate(reading.chosen)}
    by_type: dict[int, list[Entity]] = {t: [] for t in taken}
    for entity in entities:
        odd = sigmoid(reading.wording_types[[position[w] for w in entity.wordings]]).max(0)
        best = max(taken, key=lambda t: (float(odd[t]), -t))
        for t in taken:
            if t == best or odd[t] >= settings.entity_type:
                by_type[t].append(entity)
    return [
        Template(TYPES[t], float(types[t]), tuple(group))
        for t in taken
        for group in _parted(by_type[t], reading, position, settings.split)
    ]


def find_entities(reading: Reading, role: int, settings: Settings) -> list[Entity]:
    """Wordings of a role grouped by what they name; a group counts if it is likely enough as a whole."""
    chance = sigmoid(reading.roles[:, role])
    likely = [w for w in reading.chosen if chance[w] >= settings.faint]
    likely.sort(key=lambda w: (-chance[w], w))
    position = {w: k for k, w in enumerate(reading.chosen)}
    groups: list[list[int]] = []
    for w in likely:
        links = [max(reading.same[position[w], position[v]] for v in g) for g in groups]
        best = max(range(len(groups)), key=lambda k: (links[k], -k), default=-1)
        if best >= 0 and sigmoid(np.asarray(links[best])) >= settings.same:
            groups[best].append(w)
        else:
            groups.append([w])
    found = []
    for group in groups:
        score = float(1.0 - np.prod(1.0 - chance[group]))
        if score >= settings.roles[role]:
            found.append(Entity(ROLES[role], tuple(group), score))
    return found


def _parted(entities: list[Entity], reading: Reading, position: dict[int, int], limit: float) -> list[list[Entity]]:
    """Entities of one type as incidents: each joins the group whose members it most likely shares one with."""
    if not limit:
        return [entities]
    groups: list[list[Entity]] = []
    for entity in sorted(entities, key=lambda e: -e.score):
        chances = [
            max(float(sigmoid(reading.shared[position[a.wordings[0]], position[entity.wordings[0]]])) for a in g)
            for g in groups
        ]
        best = max(range(len(groups)), key=lambda k: (chances[k], -k), default=-1)
        if best >= 0 and chances[best] >= limit:
            groups[best].append(entity)
        else:
            groups.append([entity])
    return groups or [[]]
