"""Known actors by name: whole names, names inside phrases, short forms; ambiguity is an answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

from histor.model.errors import ConfigError
from histor.resolve.actor_file import KnownActor, Role, parse_actor_file, read_actor_file
from histor.resolve.actors import Country, countries
from histor.resolve.gazetteer import name_key

_WORD = re.compile(r"[^\W_]+(?:[.'’&/-][^\W_]+)*\.?")
# Nouns that may stand behind or before a known name without changing whom it means.
_HEADS = frozenset(
    "fighter fighters force forces militant militants rebel rebels insurgent insurgents group groups troop troops member members soldier soldiers "
    "militia militias militiaman militiamen guerrilla guerrillas gunman gunmen unit units army movement organisation organization commander commanders leader "
    "leaders leadership spokesman spokeswoman spokesperson official officials cadre cadres combatant combatants faction factions wing regime government "
    "authorities side party bloc coalition network outfit terrorist terrorists jihadist jihadists jihadi jihadis operatives operative men man supporters "
    "supporter elements element officer officers police command mission peacekeepers peacekeeper delegation envoy statement media source sources".split()
)
_PERSONS = frozenset(
    "president prime minister general colonel major captain commander leader king sheikh mullah mawlawi maulvi ayatollah imam dr mr mrs ms sir rebel warlord "
    "foreign defence defense interior former ex-president ex-vice vice chief spokesman secretary senator ambassador governor us russian opposition militia emir "
    "chairman chairwoman director premier chancellor lieutenant brigadier marshal admiral".split()
)


@dataclass(frozen=True)
class Identity:
    """A known actor in the role that it held on the report's date; `rivals` share the name."""

    actor: KnownActor
    role: Role
    matched: str
    rivals: tuple[KnownActor, ...] = ()


class ActorIndex:
    """Actors by folded name. Holds nothing of a report."""

    def __init__(self, actors: Mapping[str, KnownActor]) -> None:
        self.actors = dict(actors)
        self._names: dict[str, list[tuple[str, KnownActor]]] = {}
        for actor in self.actors.values():
            for name in dict.fromkeys((actor.name, *actor.aliases)):
                row = self._names.setdefault(name_key(name), [])
                if all(other is not actor for _, other in row):
                    row.append((name, actor))
        self._surnames: dict[str, list[KnownActor]] = {}
        for actor in self.actors.values():
            last = surname(actor.name)
            if actor.kind == "person" and " " in actor.name and len(last) >= 4:
                self._surnames.setdefault(name_key(last), []).append(actor)
        self._longest = max((len(k.split()) for k in self._names), default=0)

    def named(self, name: str, when: date | None, near: Collection[str] = ()) -> Identity | None:
        """Who bears exactly this name: in office on the date first, then of the countries `near`.

        Several that fit equally well come back with all but the first as `rivals`.
        """
        found = [actor for written, actor in self._names.get(name_key(name), ()) if _same_case(written, name)]
        if not found:
            return None
        holding = [a for a in found if any(r.holds(when) for r in a.roles)] or found
        close = [a for a in holding if not near or set(a.role(when).country) & set(near)]
        pool = close or holding
        return Identity(pool[0], pool[0].role(when), name, tuple(pool[1:]))

    def surnamed(
        self, name: str, when: date | None, near: Collection[str], sector: str | None = None
    ) -> Identity | None:
        """The one person of this surname who held an office on the date, of a country that is `near`.

        With `sector` the one of those whose office is of it.
        """
        found = [
            a
            for a in self._surnames.get(name_key(name), ())
            if set(a.role(when).country) & set(near)
            and (when is None or any(r.holds(when) for r in a.roles))
            and sector in {None, a.role(when).sector}
        ]
        return Identity(found[0], found[0].role(when), name) if len(found) == 1 else None

    def government(self, country: str) -> Identity | None:
        """The government of a country (ISO 3166-1 alpha-3), for "Moscow said"."""
        actor = self.actors.get(f"{country.lower()}.government")
        return Identity(actor, actor.role(None), actor.name) if actor else None

    def state(self, country: str, noun: str) -> Identity | None:
        """The government of a country or its armed forces, whichever a noun ("troops") speaks of."""
        slug = "government" if noun in {"government", "administration", "authorities"} else "military"
        actor = self.actors.get(f"{country.lower()}.{slug}")
        return Identity(actor, actor.role(None), actor.name) if actor else None

    def within(self, phrase: str, when: date | None, near: Collection[str] = ()) -> Identity | None:
        """Who a phrase means by a name inside it: "Taliban fighters", "the rebel leader Ahmad Massoud".

        The words around the name have to be such as leave the actor the same; the longest name wins.
        """
        words = [(m.start(), m.end()) for m in _WORD.finditer(phrase)]
        for size in range(min(self._longest, len(words)), 0, -1):
            for first in range(len(words) - size + 1):
                last = first + size
                part = phrase[words[first][0] : words[last - 1][1]]
                if not part[:1].isupper() or name_key(part) not in self._names:
                    continue
                before = [phrase[a:b].lower() for a, b in words[:first]]
                after = [phrase[a:b].lower().removesuffix("'s").removesuffix("’s") for a, b in words[last:]]
                if not all(w in _HEADS for w in after):
                    continue
                found = self.named(part, when, near)
                if found is None:
                    continue
                if not all(w in _BEFORE or w.endswith("-backed") for w in _without_of(before)):
                    continue
                if found.actor.kind != "person" and _FORMER & {*before}:
                    continue  # former commanders of an army are not the army
                return found
        return None


_FORMER = frozenset({"former", "ex", "retired", "dissident", "renegade", "breakaway", "defected"})
_DETERMINERS = frozenset(
    "the a an some several many its their his her two three four five six other all both local armed suspected alleged".split()
)


_BEFORE = _PERSONS | _HEADS | _DETERMINERS


def _without_of(before: list[str]) -> list[str]:
    """ "Fighters of the" of "fighters of the Islamic State" without what only joins them."""
    if "of" in before[1:] and before[before.index("of", 1) - 1] in _HEADS:
        return [w for k, w in enumerate(before) if k != before.index("of", 1)]
    return before


def surname(name: str) -> str:
    """The last part of a person's name, without an article: ``Assad`` of ``Bashar al-Assad``."""
    last = name.rsplit(" ", 1)[-1]
    return re.sub(r"^(?:al|el|ul|as|at|ash)-", "", last, flags=re.IGNORECASE)


def _same_case(written: str, name: str) -> bool:
    """Short names in capitals mean what they mean in capitals only ("IS" is not "is")."""
    return not (written.isupper() and len(written) <= 5) or name.isupper()


def load_actors(extra: Path | None = None) -> dict[str, KnownActor]:
    """The shipped actors, overridden and extended by those of a user's file. Raises ConfigError."""
    actors = dict(_shipped())  # governments, armed forces and police of every country among them
    if extra is not None:
        actors.update(read_actor_file(extra))
    _check_parents(actors, str(extra) if extra else "the shipped actors file")
    return actors


def _check_parents(actors: Mapping[str, KnownActor], where: str) -> None:
    """Raises ConfigError for a parent that is not there, and for an actor that is under itself."""
    parents = {a.id: list(dict.fromkeys(r.parent for r in a.roles if r.parent is not None)) for a in actors.values()}
    for id_, found in parents.items():
        for parent in found:
            if parent not in actors:
                raise ConfigError(
                    "actors.parent", f"{id_} has the parent {parent!r}, which is not there",
                    where=where, do="Add a row for it or leave the parent empty.",
                )  # fmt: skip
    above: dict[str, set[str]] = {id_: set(found) for id_, found in parents.items() if found}
    while above:  # those without parents among the rest are taken off until none is left
        free = [id_ for id_, found in above.items() if not found & above.keys()]
        if not free:
            raise ConfigError(
                "actors.parent", f"{min(above)} is its own parent, or its parent's parent",
                where=where, do="Leave the parent of one of them empty.",
            )  # fmt: skip
        for id_ in free:
            del above[id_]


@cache
def _shipped() -> dict[str, KnownActor]:
    text = resources.files("histor.resolve").joinpath("data/actors.tsv").read_text(encoding="utf-8")
    actors = parse_actor_file(text, "histor's actors file")
    taken = {name_key(name) for a in actors.values() for name in (a.name, *a.aliases)}
    for country in countries():
        for actor in _state(country, taken):
            actors.setdefault(actor.id, actor)
    return actors


_STATE = (
    ("government", "{} government", "Government of {}", "GOV", "government", "government;regime;authorities;administration"),
    ("military", "{} forces", "Armed forces of {}", "MIL", "military", "military;armed forces;army;forces;troops;soldiers;government forces;regime forces;security forces"),
    ("police", "{} police", "Police of {}", "COP", "police", "police;police force;police forces"),
)  # fmt: skip


def _state(country: Country, taken: set[str]) -> list[KnownActor]:
    """Government, armed forces and police of a country, under the names that no row of the file has.

    They are called by the country's adjective, or by its name where that is another actor's name, or a noun for its people.
    """
    found = []
    adjective = next(iter(country.demonyms), country.name)
    people = _PEOPLE.search(adjective) is not None and adjective != country.name
    for slug, short, long, sector, kind, nouns in _STATE:
        words = [f"{adjective} {noun}" for adjective in (*country.demonyms, country.name) for noun in nouns.split(";")]
        words += [f"{noun} of {country.name}" for noun in nouns.split(";")]
        aliases = tuple(dict.fromkeys(w for w in words if name_key(w) not in taken))
        role = Role((country.iso3,), sector, None, None, None, None)
        own = people or name_key(short.format(adjective)) in taken
        name = long.format(country.name) if own else short.format(adjective)
        found.append(KnownActor(f"{country.iso3.lower()}.{slug}", name, aliases, kind, (role,)))
    return found


_PEOPLE = re.compile(r"(?:er|[^s]s)\Z")  # "New Zealander", "Dominicans"


@cache
def shipped_index() -> ActorIndex:
    return ActorIndex(_shipped())
