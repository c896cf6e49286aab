"""One incident or two: what groups of tellings would be as incidents, and what speaks for and against putting them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from histor.jobs.match import incident
from histor.jobs.matching import rule_of
from histor.jobs.matching_store import MatchingStore
from histor.matching.features import FEATURES
from histor.matching.score import EXCLUDED, shipped
from histor.matching.telling import Telling, tellings
from histor.model.errors import InputError
from histor.model.incidents import Incident
from histor.model.records import Claim
from histor.store.project import Transaction

MOST_PAIRS = 400
"""Pairs of tellings that are weighed at most, the earliest first; beyond them an incident is no longer read by anybody."""
SHOWN = 12


@dataclass(frozen=True)
class Weighed:
    """A pair of tellings across two groups: the matcher's probability that they tell one event, and its reasons.

    `reasons` holds words with the log-odds that they add, the weightiest first; `excluded` says what rules the pair out.
    """

    left: str
    right: str
    score: float
    judgement: str
    reasons: tuple[tuple[str, float], ...]
    excluded: str | None = None


class Comparing:
    """The tellings of some event mentions, read once in a transaction."""

    def __init__(self, transaction: Transaction, event_mentions: Sequence[str]) -> None:
        """`event_mentions` are members of incidents; those that are none any more are passed over."""
        self._rule = rule_of(transaction)
        store = MatchingStore(transaction, "")
        report_ids = sorted({c.report_id for c in store.claims(sorted(set(event_mentions)))})
        coded = list(store.coded(report_ids))
        self._reports = {c.report.id: c.report for c in coded}
        self._origins = store.origins(sorted(self._reports))
        self._tellings: dict[str, Telling] = {
            t.id: t for c in coded for t in tellings(c, self._origins.get(c.report.id))
        }
        self._telling_of = {m.id: t.id for t in self._tellings.values() for m in t.mentions}
        self._claims: dict[str, list[Claim]] = {}
        for claim in store.claims(sorted(self._telling_of)):
            self._claims.setdefault(claim.event_mention_id, []).append(claim)

    def tellings_of(self, event_mentions: Sequence[str]) -> list[Telling]:
        """The tellings that some event mentions belong to, in order of date."""
        ids = {self._telling_of[m] for m in event_mentions if m in self._telling_of}
        return sorted((self._tellings[i] for i in ids), key=lambda t: t.order)

    def whole(self, event_mentions: Sequence[str], name: str = "") -> Incident:
        """What these tellings are as one incident, under the project's rule. Raises InputError where none of them is left."""
        found = self.tellings_of(event_mentions)
        if not found:
            raise InputError("incident.part", "none of these tellings is left.", do="Load the incident again.")
        return incident(name, found, self._reports, self._claims, self._origins, self._rule)

    def between(self, left: Sequence[str], right: Sequence[str]) -> list[Weighed]:
        """Judgements on the pairs across two groups, the likeliest first, `SHOWN` at most."""
        crossed = [(a, b) for a in self.tellings_of(left) for b in self.tellings_of(right) if a.id != b.id]
        found = [_weighed(a, b) for a, b in crossed[:MOST_PAIRS]]
        return sorted(found, key=lambda w: (-w.score, w.left, w.right))[:SHOWN]


_WORDS: Mapping[str, str] = {name: words for name, _, words in FEATURES}


def _weighed(a: Telling, b: Telling) -> Weighed:
    decision = shipped().decide(a, b)
    excluded = next((name for name, _, weight in decision.features if weight <= EXCLUDED), None)
    reasons = [(_WORDS.get(n, n), w) for n, _, w in decision.features if w > EXCLUDED and abs(w) >= 0.05]
    ordered = tuple(sorted(reasons, key=lambda r: (-abs(r[1]), r[0])))
    return Weighed(decision.left, decision.right, decision.score, decision.judgement, ordered, excluded)
