"""The codebook as data: PLOVER's types and modes, ACLED's and UCDP's by crosswalk."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

_INTENDED = frozenset({"planned", "threatened"})


@dataclass(frozen=True)
class Rule:
    """One row of the crosswalk to an ACLED sub-event type; None fits anything.

    A `proposed` row lets an engine name the sub-event type for the event type and gives nothing itself.
    """

    sub: str
    type: str
    modes: tuple[str, ...]
    sides: str | None
    words: frozenset[str]
    deaths: bool | None
    proposed: bool

    def fits(self, type_: str, mode: str | None, deaths: bool) -> bool:
        """Whether the row gives a sub-event type for an event type and mode, with or without people killed."""
        return not self.proposed and self.type == type_ and (mode or "") in self.modes and (deaths or not self.deaths)


@dataclass(frozen=True)
class Codebook:
    """Types with modes, ACLED's sub-event types in order, the crosswalk and context words."""

    version: str
    modes: dict[str, tuple[str, ...]]
    acled: dict[str, str]
    crosswalk: tuple[Rule, ...]
    contexts: dict[str, str]
    intended: dict[str, str]

    def in_plover(self, type_: str, factuality: str) -> str:
        """The event type that PLOVER, which has no factuality, gives a mention.

        An intended deed is an AGREE or a THREATEN (``[intended]`` in the codebook's file).
        """
        return self.intended.get(type_, type_) if factuality in _INTENDED else type_

    def allowed_sub_events(self, type_: str) -> frozenset[str]:
        """ACLED sub-event types that the crosswalk has for an event type."""
        return frozenset(r.sub for r in self.crosswalk if r.type == type_)


@cache
def load_codebook() -> Codebook:
    """The shipped codebook."""
    text = resources.files("histor.codebook").joinpath("data/plover.toml").read_text(encoding="utf-8")
    raw: dict[str, Any] = tomllib.loads(text)
    rules = tuple(
        Rule(
            r["sub"], r["type"], tuple(r.get("modes", [])), r.get("sides"),
            frozenset(r.get("words", [])), r.get("deaths"), r.get("proposed", False),
        )
        for r in raw["crosswalk"]
    )  # fmt: skip
    contexts = {word.strip(): context for context, words in raw["contexts"].items() for word in words.split(",")}
    modes = {name: tuple(values) for name, values in raw["types"].items()}
    intended = {deed: word for word, deeds in raw["intended"].items() for deed in deeds}
    return Codebook(raw["version"], modes, raw["acled"], rules, contexts, intended)


ARMED = frozenset({"MIL", "REB", "UAF", "PRM", "COP", "SPY", "CRM"})
STATE = frozenset({"MIL", "COP", "SPY", "GOV", "PRM"})
CROWD = frozenset({"OPP", "LAB", "EDU", "CVL"})


def sides_of(actors: frozenset[str], recipients: frozenset[str]) -> str | None:
    """How the sectors of the two sides stand to each other, in the crosswalk's words."""
    if actors & STATE and recipients & {"OPP", "LAB", "EDU"}:
        return "state-protesters"
    if actors and actors <= CROWD:
        return "crowd"
    if actors & ARMED and recipients & ARMED:
        return "armed-armed"
    if actors & (ARMED | {"GOV"}) and recipients:
        return "armed-civilian"
    if recipients and recipients <= ARMED:
        return "armed-armed"
    if recipients:
        return "armed-civilian"
    return None


def controller_of(actors: frozenset[str]) -> str | None:
    """Whether a state or a rebel force takes a place: ``state``, ``rebel`` or None."""
    if actors & STATE:
        return "state"
    if actors & {"REB", "UAF", "CRM"}:
        return "rebel"
    return None


def type_of_violence(type_: str, actors: frozenset[str], recipients: frozenset[str]) -> int | None:
    """UCDP's type of violence from the sides of an assault; None if the sides are not known.

    1 where a state's force fights an armed group, 2 between armed groups without a state, 3 where
    the target is not armed (UCDP GED Codebook, type_of_violence).
    """
    if type_ != "ASSAULT" or not actors or not recipients:
        return None
    armed_a, armed_b = actors & (ARMED | {"GOV"}), recipients & (ARMED | {"GOV"})
    if armed_a and armed_b:
        return 1 if (actors | recipients) & STATE else 2
    if armed_a and not armed_b:
        return 3
    return None
