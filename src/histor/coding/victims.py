"""Victims that a deed's toll names where nothing else says to whom it was done."""

from __future__ import annotations

from collections.abc import Sequence

from histor.coding.candidates import Candidate
from histor.coding.context import Context
from histor.coding.parties import same_party
from histor.coding.phrases import actor
from histor.coding.toll import Toll
from histor.model.records import Actor

_HURT = frozenset({"killed", "injured"})


def with_victims(
    context: Context, candidate: Candidate, tolls: Sequence[Toll], actors: Sequence[Actor], recipients: Sequence[Actor]
) -> list[Actor]:
    """`recipients` of an assault, and the people of its toll if there is nobody among them.

    "Fired shells on the quarter, killing seven people": the people, beside the quarter that was hit. Only tolls of
    the deed's own sentence count; a toll that is part of another names nobody new.
    """
    found = list(recipients)
    if candidate.type != "ASSAULT" or any(r.sector is not None or r.name is None for r in recipients):
        return found
    taken = [a.span for a in (*actors, *recipients)]
    for toll in tolls:
        span = toll.people
        if span is None or toll.kind not in _HURT or toll.part or context.sentence_of(span[0]) != candidate.sentence:
            continue
        if any(span[0] < b and span[1] > a for a, b in taken) or toll.quantity.best == 0:
            continue
        row = context.loaded[candidate.sentence]
        loaded = [item for item in row if item[0][0] >= span[0] and item[0][1] <= span[1]]
        record = actor(context.text, span, loaded)
        if record is not None and record.sector is not None and not any(same_party(record, r) for r in found):
            found.append(record)
            taken.append(span)
    return found
