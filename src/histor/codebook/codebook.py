"""The codebook as data: PLOVER's types, modes and contexts, ACLED's and UCDP's by crosswalk, each with its definition.

What ships stands in ``data/plover.toml`` (the codes, the crosswalk, the words of contexts) and
``data/definitions.toml`` (what each code means). A user's own file has the same tables and extends them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from histor.codebook.checks import checked
from histor.model.canonical import digest
from histor.model.errors import ConfigError

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
class Definition:
    """What one code means: `scheme` says of what it is a code (types, modes, sectors, …), `of` of which type."""

    scheme: str
    code: str
    text: str
    example: str
    of: str | None = None


@dataclass(frozen=True)
class Codebook:
    """Types with modes, ACLED's sub-event types in order of precedence, the crosswalk, context words, definitions."""

    version: str
    modes: dict[str, tuple[str, ...]]
    acled: dict[str, str]
    crosswalk: tuple[Rule, ...]
    contexts: dict[str, tuple[str, ...]]
    context_names: tuple[str, ...]
    context_of_mode: dict[str, tuple[str, ...]]
    intended: dict[str, str]
    definitions: tuple[Definition, ...] = field(repr=False, default=())

    @cached_property
    def crosswalk_of(self) -> dict[str, tuple[Rule, ...]]:
        """The crosswalk's rows by event type, in its order."""
        return {t: tuple(r for r in self.crosswalk if r.type == t) for t in {r.type for r in self.crosswalk}}

    @cached_property
    def sub_events_of_mode(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """ACLED's sub-event types that the crosswalk has for an event type and a mode, in order."""
        found: dict[tuple[str, str], set[str]] = {}
        for rule in self.crosswalk:
            for mode in filter(None, rule.modes):
                found.setdefault((rule.type, mode), set()).add(rule.sub)
        return {key: tuple(sorted(subs)) for key, subs in found.items()}

    def in_plover(self, type_: str, factuality: str) -> str:
        """The event type that PLOVER, which has no factuality, gives a mention.

        An intended deed is an AGREE or a THREATEN (``[intended]`` in the codebook's file).
        """
        return self.intended.get(type_, type_) if factuality in _INTENDED else type_

    def allowed_sub_events(self, type_: str) -> frozenset[str]:
        """ACLED sub-event types that the crosswalk has for an event type."""
        return frozenset(r.sub for r in self.crosswalk if r.type == type_)

    def defined(self, scheme: str, code: str, of: str | None = None) -> Definition | None:
        """The definition of a code, if the codebook has one."""
        return next((d for d in self.definitions if (d.scheme, d.code, d.of) == (scheme, code, of)), None)


def load_codebook(extra: Path | None = None) -> Codebook:
    """The shipped codebook, with the user's file `extra` laid over it.

    Types, modes, contexts and definitions of the file are added, or replace ours of the same name; its rows of the
    crosswalk come before ours, so that they decide. Raises ConfigError naming file, table and remedy.
    """
    if extra is None:
        return _shipped()
    try:
        theirs = tomllib.loads(extra.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            "codebook.file", f"cannot read the codebook: {error}.", where=str(extra),
            do="It must be a UTF-8 text in TOML (docs/how-to/extend-the-codebook.md).",
        ) from error  # fmt: skip
    ours = _raw()
    return _codebook(_merged(ours, checked(theirs, ours, str(extra))))


@cache
def _shipped() -> Codebook:
    return _codebook(_raw())


@cache
def _raw() -> dict[str, Any]:
    """The shipped files as one table; definitions stand under ``define``."""
    folder = resources.files("histor.codebook").joinpath("data")
    codes = tomllib.loads(folder.joinpath("plover.toml").read_text(encoding="utf-8"))
    codes["define"] = tomllib.loads(folder.joinpath("definitions.toml").read_text(encoding="utf-8"))
    return codes


def _merged(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    contexts = dict(ours["contexts"])
    for name, words in theirs.get("contexts", {}).items():
        contexts[name] = f"{contexts[name]}, {words}" if contexts.get(name) else words
    types = dict(ours["types"])
    for name, modes in theirs.get("types", {}).items():
        types[name] = [*types.get(name, []), *(m for m in modes if m not in types.get(name, []))]
    define = {scheme: dict(codes) for scheme, codes in ours["define"].items()}
    for scheme, codes in theirs.get("define", {}).items():
        for code, value in codes.items():
            nested = isinstance(value, dict)
            define[scheme][code] = {**define[scheme].get(code, {}), **value} if nested else value
    return {
        # What it holds, not what it is called, tells codings apart; a blank would split the coder's stamp.
        "version": f"{ours['version']}+{digest('codebook', theirs)[:8]}",
        "types": types,
        "acled": ours["acled"],
        "crosswalk": [*theirs.get("crosswalk", []), *ours["crosswalk"]],
        "contexts": contexts,
        "context_of_mode": ours["context_of_mode"],
        "intended": ours["intended"],
        "define": define,
    }


def _codebook(raw: dict[str, Any]) -> Codebook:
    rules = tuple(
        Rule(
            r["sub"], r["type"], tuple(r.get("modes", [])), r.get("sides"),
            frozenset(r.get("words", [])), r.get("deaths"), r.get("proposed", False),
        )
        for r in raw["crosswalk"]
    )  # fmt: skip
    contexts: dict[str, tuple[str, ...]] = {}
    for context, words in raw["contexts"].items():
        for word in filter(None, map(str.strip, words.split(","))):
            contexts[word] = (*contexts.get(word, ()), context)
    modes = {name: tuple(values) for name, values in raw["types"].items()}
    of_mode: dict[str, tuple[str, ...]] = {}
    for context, events in raw["context_of_mode"].items():
        for event in map(str.strip, events.split(",")):
            of_mode[event] = (*of_mode.get(event, ()), context)
    intended = {deed: word for word, deeds in raw["intended"].items() for deed in deeds}
    return Codebook(
        raw["version"], modes, raw["acled"], rules, contexts, tuple(raw["contexts"]), of_mode, intended,
        tuple(_definitions(raw["define"])),
    )  # fmt: skip


def _definitions(raw: dict[str, Any]) -> list[Definition]:
    found: list[Definition] = []
    for scheme, codes in raw.items():
        for code, value in codes.items():
            if isinstance(value, dict):
                found += [Definition(scheme, mode, pair[0], pair[1], code) for mode, pair in value.items()]
            else:
                found.append(Definition(scheme, code, value[0], value[1]))
    # Modes stand behind the types that have them.
    order = list(raw["types"])
    return sorted(
        found,
        key=lambda d: (
            (order.index(d.of or d.code), d.of is not None) if d.scheme in {"types", "modes"} else (len(order), True)
        ),
    )


Party = tuple[str | None, str | None]
"""Sector and country of an actor."""

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


_BETWEEN_STATES = frozenset(
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID REQUEST ACCUSE REJECT THREATEN SANCTION".split()
)
_FIGHTING = frozenset({"MIL", "REB", "PRM"})


def contexts_of(type_: str, actors: Iterable[Party], recipients: Iterable[Party]) -> frozenset[str]:
    """Contexts that follow from who the sides are: pairs of sector and country.

    What passes between governments of two countries is diplomatic; what armed forces do to each other, or
    with each other, is military.
    """
    a, b = list(actors), list(recipients)
    found = set()
    states = [{country for sector, country in side if sector in {"GOV", "ELI"} and country} for side in (a, b)]
    if type_ in _BETWEEN_STATES and (len(states[0] | states[1]) > 1):
        found.add("diplomatic")
    if type_ in {"ASSAULT", "MOBILIZE", "RETREAT"} and any(sector in _FIGHTING for sector, _ in (*a, *b)):
        found.add("military")
    return frozenset(found)


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
