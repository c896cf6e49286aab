"""What the application keeps in memory is what the store holds, whatever was decided in between."""

from __future__ import annotations

import random

from histor.jobs.review import merge, put_back, refresh_after, split, take_back
from histor.model.filters import IncidentFilter
from histor.store.mentions import Where
from histor.store.project import Project
from histor.web.catalogue import SORTS, Catalogue, Waiting

EVERYTHING = IncidentFilter(factualities=(), statuses=())


def decide(project: Project, action: str, mention: str) -> None:
    with project.write() as transaction:
        row = transaction.decisions.add(action, mention, coder="ann", made_at="2024-01-01T00:00:00+00:00")
    refresh_after(project, [row])


def test_lists_follow_each_decision(served: Project) -> None:
    kept = Catalogue(served)
    kept.warm()
    dice = random.Random(5)
    for step in range(12):
        with served.read() as transaction:
            mentions = sorted(m for i in transaction.incidents.all() for m in i.event_mentions)
            ids = transaction.incidents.ids()
        if step % 4 == 3:
            merge(served, dice.sample(ids, 2), "ann")
        elif step == 6:
            take_back(served, "ann")
        elif step == 9:
            put_back(served, "ann")
        else:
            decide(served, dice.choice(["accept", "reject", "unsure"]), dice.choice(mentions))
        fresh = Catalogue(served)
        for sort in (*SORTS, *(f"-{name}" for name in SORTS)):
            assert kept.all(EVERYTHING, sort) == fresh.all(EVERYTHING, sort)
    with served.read() as transaction:
        one, other = list(transaction.incidents.all())[:2]
    merge(served, [one.id, other.id], "ann")
    with served.read() as transaction:
        (whole,) = set(transaction.incidents.of([*one.event_mentions, *other.event_mentions]).values())
    split(served, whole, one.event_mentions, "ann")
    assert kept.all(EVERYTHING) == Catalogue(served).all(EVERYTHING)


def test_an_accepted_mention_changes_the_status_and_nothing_else(served: Project) -> None:
    with served.read() as transaction:
        before = {i.id: i for i in transaction.incidents.all()}
    first = next(iter(before.values()))
    decide(served, "accept", first.event_mentions[0])
    with served.read() as transaction:
        after = {i.id: i for i in transaction.incidents.all()}
    assert after[first.id].status == "accepted"
    assert {k: v for k, v in after.items() if k != first.id} == {k: v for k, v in before.items() if k != first.id}
    take_back(served, "ann")
    with served.read() as transaction:
        assert {i.id: i.status for i in transaction.incidents.all()} == {k: v.status for k, v in before.items()}


def test_the_queue_is_kept_until_codings_change(served: Project) -> None:
    waiting = Waiting()
    with served.read() as transaction:
        first = waiting.rows(transaction, Where())
        assert first == transaction.mentions.waiting(Where())
        assert waiting.rows(transaction, Where()) is first
        assert waiting.rows(transaction, Where(event_types=["ASSAULT"])) == transaction.mentions.waiting(
            Where(event_types=["ASSAULT"])
        )
