"""Low, best and high of a toll by a named rule, with what was used and what was left out.

- ``ucdp``: best is that of the most credible account; low and high span the credible accounts. Most
  credible first: a UN body, an NGO, medics, an official, a witness, the outlet itself, an expert, an
  unnamed source, a party to the conflict; of equals the latest. A party's word is credible only where
  nobody else speaks (UCDP GED codebook, "best, high and low estimates").
- ``conservative``: best is the lowest number stated.
- ``independent_majority``: one vote for each independent origin; best is the number with most votes, of
  equals the lower.
- ``manual``: what a person set; nothing where no person did.

Under each rule low ≤ best ≤ high, and accounts that exclude each other make the estimate `disputed`.
"""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterable, Mapping, Sequence

from histor.estimates.accounts import KINDS, Account, Source, accounts
from histor.estimates.tolls import Number
from histor.model.errors import ConfigError
from histor.model.incidents import Estimate, LeftOut
from histor.model.records import Claim

CREDIBLE = ("un", "ngo", "medical", "official", "witness", "media", "expert", "anonymous", "party")
DEFAULT = "ucdp"

Choice = tuple[list[Account], Account | None, str]
"""The accounts that low and high span, the one that best is taken from, and why others are left out."""


def _rank(a: Account) -> tuple[int, tuple[int, ...], tuple[str, ...]]:
    place = CREDIBLE.index(a.speaker_type) if a.speaker_type in CREDIBLE else len(CREDIBLE)
    return place, tuple(-ord(c) for c in a.published if a.published != "9999"), a.claims


def _ucdp(found: Sequence[Account]) -> Choice:
    credible = [a for a in found if a.speaker_type != "party"] or list(found)
    return credible, min(credible, key=_rank), "a party's word while others speak"


def _conservative(found: Sequence[Account]) -> Choice:
    return list(found), min(found, key=lambda a: (a.middle, a.published, a.claims)), ""


def _majority(found: Sequence[Account]) -> Choice:
    votes: dict[int, set[str]] = collections.defaultdict(set)
    for a in found:
        votes[a.middle].add(a.origin)
    number = min(votes, key=lambda n: (-len(votes[n]), n))
    return list(found), min((a for a in found if a.middle == number), key=lambda a: (a.published, a.claims)), ""


def _manual(found: Sequence[Account]) -> Choice:
    chosen = [a for a in found if a.manual]
    return chosen, (max(chosen, key=lambda a: (a.published, a.claims)) if chosen else None), "no person set it"


RULES: Mapping[str, Callable[[Sequence[Account]], Choice]] = {
    "ucdp": _ucdp,
    "conservative": _conservative,
    "independent_majority": _majority,
    "manual": _manual,
}


def estimate(
    claims: Iterable[Claim],
    kind: str,
    sources: Mapping[str, Source],
    *,
    rule: str = DEFAULT,
    totals: Iterable[str] = (),
    vague: str | None = None,
) -> Estimate | None:
    """The estimate of one kind of toll from an incident's claims; None where no claim speaks of it.

    `vague` names the table of vague words (that of the rule where it has one, else ``ucdp``). Raises
    ConfigError for an unknown rule or table.
    """
    if rule not in RULES:
        raise ConfigError("estimate.rule", f"no rule is called {rule!r}.", do=f"Known: {', '.join(sorted(RULES))}.")
    everything = [c for c in claims if c.property == kind]
    if not everything:
        return None
    found, left = accounts(everything, kind, sources, totals=totals, vague=vague or "ucdp")
    if not found:
        return Estimate(kind, rule, None, None, None, (), tuple(left))
    spanning, chosen, why = RULES[rule](found)
    left.extend(LeftOut(c, why) for a in found if a not in spanning for c in a.claims)
    used = tuple(sorted(c for a in spanning for c in a.claims))
    low, best, high = bounds(spanning, chosen)
    return Estimate(kind, rule, low, best, high, used, tuple(sorted(left, key=lambda x: x.claim)), disputed(found))


def bounds(spanning: Sequence[Account], chosen: Account | None) -> tuple[Number, Number, Number]:
    """Low, best and high with low ≤ best ≤ high; all None where nothing was chosen.

    An open upper end adds nothing to high: "at least 12" beside 15 is 12 to 15.
    """
    if chosen is None:
        return None, None, None
    best = chosen.middle
    low = min([a.least for a in spanning if a.low is not None or a.best is not None] + [best])
    high = max([v for a in spanning for v in (a.high, a.middle) if v is not None] + [best])
    return low, best, high


def disputed(found: Sequence[Account]) -> bool:
    """Whether two accounts exclude each other: the one's most is less than the other's least."""
    return any(a.most is not None and a.most < b.least for a in found for b in found)


def estimates(
    claims: Sequence[Claim], sources: Mapping[str, Source], *, rule: str = DEFAULT, totals: Iterable[str] = ()
) -> dict[str, Estimate]:
    """Estimates of all kinds that the claims speak of, by kind in the order of `KINDS`."""
    skipped = tuple(totals)
    found = ((kind, estimate(claims, kind, sources, rule=rule, totals=skipped)) for kind in KINDS)
    return {kind: e for kind, e in found if e is not None}


def compare(
    claims: Sequence[Claim],
    sources: Mapping[str, Source],
    rules: Sequence[str] = tuple(RULES),
    *,
    kind: str = "killed",
    totals: Iterable[str] = (),
) -> list[Estimate]:
    """One estimate for each rule, in the order of `rules`: what changes when another one is chosen."""
    skipped = tuple(totals)
    found = (estimate(claims, kind, sources, rule=rule, totals=skipped) for rule in rules)
    return [e for e in found if e is not None]


def death_columns(
    claims: Iterable[Claim], sources: Mapping[str, Source], *, totals: Iterable[str] = ()
) -> dict[str, int]:
    """UCDP's four columns of the dead from the most credible account: side a, side b, civilians, unknown.

    The actors are side a and the recipients side b; which side a scheme calls a is the export's to turn.
    The columns add up to `best` of the rule ``ucdp``.
    """
    columns = {"deaths_a": 0, "deaths_b": 0, "deaths_civilians": 0, "deaths_unknown": 0}
    found, _ = accounts(claims, "killed", sources, totals=totals)
    if not found:
        return columns
    _, chosen, _ = _ucdp(found)
    if chosen is None:
        return columns
    of = {"actors": "deaths_a", "recipients": "deaths_b", "civilians": "deaths_civilians"}
    for part in chosen.parts:
        number = next((v for v in (part.best, part.low, part.high) if v is not None), 0)
        columns[of.get(part.who, "deaths_unknown")] += number
    rest = chosen.middle - sum(columns.values())
    columns["deaths_unknown"] += max(0, rest)
    return columns
