"""CEAF-REE and CEAF-RME: how predicted role fillers are compared with MUC-4's keys.

An entity is a set of wordings. Wordings are compared in normal form (lower case, no punctuation, no articles), as in
the published scorers. A predicted entity matches a gold entity if each of its wordings is one of the gold entity's
(CEAF's one-to-one alignment with that all-or-nothing similarity).

- CEAF-REE (Du, Rush and Cardie 2021, "GRIT"): entities of a role are merged over the templates of a report; counts
  are summed over roles and reports.
- CEAF-RME (Chen et al. 2023, "IterX"; the same counts as in Du, Rush and Cardie 2021, "GTT"): templates of a report
  are aligned one to one so that as many entities as possible match; the incident type counts as one more filler of
  each template. `same_type` says whether templates of different types may be aligned at all: IterX says no, GTT's
  scorer lets them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.scoring import Counts
from histor.engines.document.candidates import normal_form

ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
Entity = frozenset[str]
Template = dict[str, Any]


def entities(raw: Sequence[Sequence[Any]]) -> list[Entity]:
    """Entities of a role in normal form; mentions are strings or ``[string, offset]``. Empty ones are left out."""
    found = []
    for mentions in raw:
        names = frozenset(normal_form(m if isinstance(m, str) else m[0]) for m in mentions) - {""}
        if names and names not in found:
            found.append(names)
    return found


def merged(templates: Sequence[Template], role: str) -> list[Entity]:
    """Entities of a role over all templates; those that share a wording are one."""
    groups: list[set[str]] = []
    for template in templates:
        for entity in entities(template[role]):
            touching = [g for g in groups if g & entity]
            groups = [g for g in groups if not g & entity]
            groups.append(set(entity).union(*touching))
    return [frozenset(g) for g in groups]


def matches(predicted: Sequence[Entity], gold: Sequence[Entity]) -> int:
    """The most predicted entities that can each have a gold entity of their own that holds all their wordings."""
    holder: dict[int, int] = {}

    def place(p: int, seen: set[int]) -> bool:
        for g, entity in enumerate(gold):
            if g in seen or not predicted[p] <= entity:
                continue
            seen.add(g)
            if g not in holder or place(holder[g], seen):
                holder[g] = p
                return True
        return False

    return sum(place(p, set()) for p in range(len(predicted)))


def ree(gold: dict[str, list[Template]], predicted: dict[str, list[Template]]) -> dict[str, Counts]:
    """CEAF-REE by role, and ``all`` (micro average)."""
    result = {role: Counts() for role in (*ROLES, "all")}
    for name, templates in gold.items():
        for role in ROLES:
            g, p = merged(templates, role), merged(predicted.get(name, []), role)
            for key in (role, "all"):
                result[key].add(matches(p, g), len(g), len(p))
    return result


def types_of(template: Template) -> set[str]:
    """Incident types; a few gold templates name two ("bombing / attack"), and either is right."""
    return {part.strip() for part in template["incident_type"].split("/")}


def rme(
    gold: dict[str, list[Template]], predicted: dict[str, list[Template]], same_type: bool = True
) -> dict[str, Counts]:
    """CEAF-RME by role, for the incident type, and ``all`` (micro average over roles and type)."""
    result = {role: Counts() for role in (*ROLES, "incident_type", "all")}
    for name, templates in gold.items():
        guessed = predicted.get(name, [])
        rights = [[_right(p, g, same_type) for g in templates] for p in guessed]
        pairs = assign(len(guessed), len(templates), lambda p, g, r=rights: sum(r[p][g].values()))  # type: ignore[misc]
        for side, attribute in ((templates, "gold"), (guessed, "guessed")):
            for template in side:
                for role in ROLES:
                    _count(result, role, attribute, len(entities(template[role])))
                _count(result, "incident_type", attribute, 1)
        for p, g in pairs:
            for role, n in rights[p][g].items():
                _count(result, role, "right", n)
    return result


def _count(result: dict[str, Counts], role: str, attribute: str, n: int) -> None:
    for key in (role, "all"):
        setattr(result[key], attribute, getattr(result[key], attribute) + n)


def _right(predicted: Template, gold: Template, same_type: bool) -> dict[str, int]:
    """Fillers of a predicted template that are right if it stands for the gold one."""
    same = bool(types_of(predicted) & types_of(gold))
    if same_type and not same:
        return {}
    right = {role: matches(entities(predicted[role]), entities(gold[role])) for role in ROLES}
    return {**right, "incident_type": int(same)}


def assign(rows: int, columns: int, weight: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """One-to-one pairs (row, column) of the greatest total weight; pairs of weight 0 are left out.

    The Hungarian method with potentials (Kuhn 1955; Munkres 1957), O(n³).
    """
    n = max(rows, columns)
    cost = [[-weight(i, j) if i < rows and j < columns else 0.0 for j in range(n)] for i in range(n)]
    u, v, owner, way = [0.0] * (n + 1), [0.0] * (n + 1), [0] * (n + 1), [0] * (n + 1)
    for i in range(1, n + 1):
        owner[0], column = i, 0
        least, used = [float("inf")] * (n + 1), [False] * (n + 1)
        while True:
            used[column] = True
            row, delta, following = owner[column], float("inf"), 0
            for j in range(1, n + 1):
                if used[j]:
                    continue
                reduced = cost[row - 1][j - 1] - u[row] - v[j]
                if reduced < least[j]:
                    least[j], way[j] = reduced, column
                if least[j] < delta:
                    delta, following = least[j], j
            for j in range(n + 1):
                if used[j]:
                    u[owner[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            column = following
            if owner[column] == 0:
                break
        while column:
            owner[column], column = owner[way[column]], way[column]
    pairs = [(owner[j] - 1, j - 1) for j in range(1, n + 1)]
    return sorted((i, j) for i, j in pairs if i < rows and j < columns and weight(i, j) > 0)
