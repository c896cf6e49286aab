"""Accounts of a toll: what one speaker, by way of one origin, says of one incident.

An estimate is made from accounts, never from claims as they come: a headline, a lead and a body are one
account, copies of one text are one account, and what a speaker said later takes the place of what it
said before. Each claim that is not the voice of an account is left out with its reason.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from msgspec import UNSET

from histor.estimates.tolls import Number, size, toll_of
from histor.model.annotation import Span
from histor.model.errors import ConfigError
from histor.model.incidents import LeftOut
from histor.model.records import Casualties, Claim

COUNTED = frozenset({"actual", "claimed", "historical"})  # what is long ago has happened too
KINDS = ("killed", "injured", "captured", "missing", "displaced")


@dataclass(frozen=True)
class Source:
    """What an estimate has to know of a report: its origin (a report's id or an agency), day and outlet."""

    origin: str
    published: str | None = None
    outlet: str | None = None


@dataclass(frozen=True)
class Account:
    """One speaker's toll: the numbers stated, the claims that carry them, and how it came to us.

    `claims` are all ids that say it; `parts` the numbers that make it (more than one only where the dead
    of opposed sides are given apart). `manual` is true for a value that a person set. `identified` says that the
    speaker's words single somebody out: "a doctor" in two reports may be two.
    """

    claims: tuple[str, ...]
    low: Number
    best: Number
    high: Number
    parts: tuple[Casualties, ...]
    speaker: str
    speaker_type: str
    origin: str
    published: str
    report: str
    manual: bool = False
    identified: bool = True

    @property
    def least(self) -> int:
        return next((v for v in (self.low, self.best) if v is not None), 0)

    @property
    def most(self) -> Number:
        """The upper end; None where the words leave it open."""
        return self.high

    @property
    def middle(self) -> int:
        """The number that the account stands for: best, else the low end, else the high end."""
        return next((v for v in (self.best, self.low, self.high) if v is not None), 0)


# --- vague words and running totals ----------------------------------------------------------------


@cache
def vague_table(name: str) -> dict[str, tuple[int, int, Number]]:
    """The preset `name` (``ucdp``, ``acled``) from ``data/vague.toml``: words to low, best, high.

    Raises ConfigError for a name that the file does not have.
    """
    text = resources.files("histor.estimates").joinpath("data/vague.toml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, list[int]]] = tomllib.loads(text)
    if name not in tables:
        known = ", ".join(sorted(tables))
        raise ConfigError("estimates.vague", f"no table of vague words is called {name!r}.", do=f"Known: {known}.")
    return {word: (v[0], v[1], v[2] if len(v) > 2 else None) for word, v in tables[name].items()}


def read_vague(c: Casualties, table: Mapping[str, tuple[int, int, Number]]) -> Casualties:
    """A vague number by a table; one whose words the table lacks keeps its interval and the low end as best."""
    if c.wording != "vague" or c.best is not None:
        return c
    words = " ".join(re.findall(r"[a-z]+", c.text.lower()))
    found = [w for w in table if re.search(rf"\b{re.escape(w)}\b", words)]
    if not found:
        return replace_number(c, c.low, c.low, c.high)
    return replace_number(c, *table[max(found, key=lambda w: (len(w), w))])


def replace_number(c: Casualties, low: Number, best: Number, high: Number) -> Casualties:
    return Casualties(c.kind, low, best, high, c.wording, c.who, c.text, c.span, c.scope)


_UNIT = r"(?:hours?|days?|weeks?|months?|years?|decades?)"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_TOTAL = re.compile(
    rf"\bbring(?:s|ing)?\b[^.;]{{0,40}}\b(?:to|total|toll|number)\b"
    rf"|\b(?:since|so far (?:this|in)|this (?:week|month|year)|this {_MONTH})\b"
    rf"|\b(?:in|over|during|within|for) (?:the )?(?:past|last|previous|first) (?:[\w-]+ ){{0,2}}{_UNIT}\b"
    rf"|\b(?:in|over|within) (?:the space of )?(?:[\w-]+) (?:days|weeks|months|years)\b"
    rf"|\b(?:all told|in all since|cumulative|overall (?:death )?toll|to date)\b"
    rf"|\b(?:of|from|in) (?:the )?(?:war|conflict|uprising|insurgency|campaign|unrest) (?:to|has|have|had)\b",
    re.IGNORECASE,
)


def running_total(sentence: str, toll: Span | None = None) -> bool:
    """Whether a number counts the dead of a period and not of one incident.

    Cues are looked for in the clause that holds the number ("bringing to 40 the number killed this
    week", "more than 200 in five days"); `toll` is the number's span in `sentence`.
    """
    if toll is None:
        return _TOTAL.search(sentence) is not None
    start, end = 0, len(sentence)
    for mark in re.finditer(r"[;:]|, (?:and|but|while|as|after|when)\b|\. ", sentence):
        if mark.end() <= toll[0]:
            start = mark.end()
        elif mark.start() >= toll[1]:
            end = mark.start()
            break
    return _TOTAL.search(sentence, start, end) is not None


# --- from claims to accounts -----------------------------------------------------------------------


def accounts(
    claims: Iterable[Claim],
    kind: str,
    sources: Mapping[str, Source],
    *,
    totals: Iterable[str] = (),
    vague: str = "ucdp",
) -> tuple[list[Account], list[LeftOut]]:
    """The accounts of one kind of toll among the claims of one incident, and the claims left out with why.

    `sources` holds each claim's report; `totals` are claims that give running totals. Accounts are in
    order of publication, then claim id; the order of `claims` does not count.
    """
    skipped = set(totals)
    table = vague_table(vague)
    left: list[LeftOut] = []
    groups: dict[tuple[str, str], list[tuple[Claim, Casualties]]] = {}
    for claim in sorted((c for c in claims if c.property == kind), key=lambda c: c.id):
        why = _unfit(claim, claim.id in skipped)
        if why is not None:
            left.append(LeftOut(claim.id, why))
            continue
        number = read_vague(_number(claim), table)
        groups.setdefault((claim.report_id, _voice(claim, sources)), []).append((claim, number))
    found = [_account(group, voice, sources, left) for (_, voice), group in sorted(groups.items())]
    found = _supersede(_once_an_origin(found, left), left)
    return sorted(found, key=_order), sorted(left, key=lambda x: x.claim)


def _order(a: Account) -> tuple[str, tuple[str, ...]]:
    return a.published, a.claims


def _unfit(claim: Claim, total: bool) -> str | None:
    if total:
        return "a running total, not the toll of this incident"
    if claim.factuality == "denied":
        return "denied by who says it"
    if claim.factuality not in COUNTED:
        return f"told as {claim.factuality}, not as having happened"
    return None


def _number(claim: Claim) -> Casualties:
    value: dict[str, Any] = claim.value
    return Casualties(
        claim.property, value.get("low"), value.get("best"), value.get("high"), value.get("wording", "exact"),
        value.get("who", "unknown"), claim.text or "", claim.span or (0, 0), value.get("scope", UNSET),
    )  # fmt: skip


def _voice(claim: Claim, sources: Mapping[str, Source]) -> str:
    """Who speaks: the original speaker's name, else the outlet."""
    first = claim.attribution[0].speaker if claim.attribution else None
    name = first or sources[claim.report_id].outlet or claim.report_id
    return " ".join(re.findall(r"\w+", re.sub(r"^(?:an?|the|our)\s+", "", name.lower().strip())))


def _account(
    group: Sequence[tuple[Claim, Casualties]], voice: str, sources: Mapping[str, Source], left: list[LeftOut]
) -> Account:
    """One report's toll on one speaker's word; its smaller numbers are parts of the whole or earlier counts."""
    manual = [pair for pair in group if pair[0].rule.startswith("decision ")]
    chosen = manual or list(group)
    toll = toll_of([number for _, number in chosen])
    used = tuple(
        c.id
        for c, number in chosen
        if any(size(number) == size(p) and number.who == p.who and number.scope == p.scope for p in toll.parts)
    )
    left.extend(
        LeftOut(
            c.id, "a person set another value" if manual and (c, n) not in manual else "part of the same report's toll"
        )
        for c, n in group
        if c.id not in used
    )
    first = group[0][0]
    source = sources[first.report_id]
    type_ = first.attribution[0].type if first.attribution else "media"
    return Account(
        used, toll.low, toll.best, toll.high, toll.parts, voice, type_, source.origin, source.published or "9999",
        first.report_id, bool(manual), identified(first),
    )  # fmt: skip


_BODIES = frozenset("police army military government parliament navy state".split())


def identified(claim: Claim) -> bool:
    """Whether the first speaker is named, definite or a body of which there is one: not "an official", "residents", "sources"."""
    if not claim.attribution:
        return False
    first = claim.attribution[0]
    if first.type in {"anonymous", "witness"}:
        return False
    words = first.speaker.split()
    if not words or words[0].lower() in {
        "a",
        "an",
        "one",
        "some",
        "several",
        "two",
        "three",
        "many",
        "other",
        "another",
    }:
        return False
    named = any(w[:1].isupper() for w in words[1:]) or (
        words[0][:1].isupper() and words[0].lower() not in {"the", "officials"}
    )
    return named or words[0].lower() in {"the", "his", "her", "their", "its"} or words[-1].lower() in _BODIES


def _once_an_origin(found: list[Account], left: list[LeftOut]) -> list[Account]:
    """One account for each origin and number; the earliest stands for its copies.

    A copy that gives another number on the same word tells of a change and is kept.
    """
    kept: dict[tuple[str, int, int, Number], Account] = {}
    for account in sorted(found, key=_order):
        key = (account.origin, account.middle, account.least, account.most)
        if key in kept and not account.manual:
            first = kept[key]
            left.extend(LeftOut(c, f"the same account as in report {first.report[:12]}") for c in account.claims)
        else:
            kept[key] = account
    return list(kept.values())


def _supersede(found: list[Account], left: list[LeftOut]) -> list[Account]:
    """What a speaker, or an origin on nobody's word, said last; earlier counts give way to later ones."""
    kept: dict[tuple[str, str], Account] = {}
    # On one day the higher count is taken for the later one; what a person set stays in any case.
    for account in sorted(found, key=lambda a: (a.manual, a.published, a.middle, a.claims)):
        if account.speaker_type == "media":
            by = ("origin", account.origin)
        else:
            by = ("speaker", account.speaker if account.identified else f"{account.speaker} of {account.origin}")
        before = kept.get(by)
        if before is not None:
            why = (
                "a person set another value"
                if account.manual
                else f"superseded: {account.speaker} said otherwise later"
            )
            left.extend(LeftOut(c, why) for c in before.claims)
        kept[by] = account
    return list(kept.values())
