"""The place names of a report: what the engine found, made whole, and what it took for something else.

A name is a place's own ("in Goma") or stands in another's: "Goma police" and "the University of Goma"
speak of Goma too, though nothing happened there. The second kind is found by the words beside it and
by the gazetteer; it tells where a report is at home. Demonyms ("the Syrian army") are no place names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from histor.model.annotation import Annotation, Mention, Span
from histor.resolve.actors import country_of, is_country
from histor.resolve.gazetteer import Gazetteer, Hit, name_key, split_kind
from histor.resolve.places import Toponym

_WORD = re.compile(r"[^\W_](?:[\w.'’&-]*[\w.])?")
_ABBREVIATED = re.compile(r"(?:[A-Z][a-z]{0,3}\.)+")
_AND = re.compile(r"\s*(?:,\s*(?:and\s+)?|\band\b|&|/)\s*")
_PLURAL_KIND = re.compile(
    r"\s+(?:counties|provinces|districts|states|regions|governorates|oblasts|departments|municipalities|prefectures|cities|towns|villages)$",
    re.IGNORECASE,
)
# Who and what a place has: "Goma police", "Borno Governor", "a Kunduz resident".
_OWNED = frozenset(
    "police sheriff sheriffs deputies deputy firefighter firefighters fire mayor governor council councillor councillors councilman councilwoman "
    "alderman aldermen commission commissioner commissioners board court courts courthouse jail prison school schools high elementary middle "
    "university college hospital airport airbase department county city town township village municipality parish district province state "
    "governorate region oblast public regional international community area central general residents resident man men woman women teen teenager "
    "teenagers couple native authorities prosecutor prosecutors chamber parks library museum medical health security "
    "legislature assembly parliament senator senators delegates lawmakers officials voters students".split()
)
# What has a name of its own, and lies in a place or is called after one: no place unless the gazetteer has it.
_FACILITY = frozenset(
    "center centre district house hall hospital school club academy station home restaurant apartments court elementary theater theatre room "
    "library building park museum garden gardens hotel cemetery zoo terrace church mosque university college airport base barracks prison jail "
    "market mall stadium arena square plaza bridge tower camp clinic factory plant refinery office courthouse headquarters hq checkpoint crossing".split()
)
_STREET = frozenset(
    "avenue ave street st road rd drive lane boulevard blvd parkway route exit interstate highway".split()
)
# Words that open the names of institutions and of small places somewhere alike.
_GENERAL = frozenset(
    "superior supreme high law north south east west northern southern eastern western union united national federal royal special new old upper "
    "lower human first defense defence interior foreign home joint high military civil rapid red white black green blue hope peace".split()
)
_COMMON = _OWNED | _FACILITY | _GENERAL
_OF = re.compile(r"\s+of\s+(?:the\s+)?\Z")
_DATELINE = re.compile(
    r"^[ \t]*(?P<city>[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’ -]{0,40}[A-ZÀ-ÖØ-Þ.])(?:,[ \t]*(?P<holder>[A-Z][\w.]*(?:[ \t][A-Z][\w.]*)?))?"
    r"[ \t]*(?:\([^()\n]{2,30}\)[ \t]*)?(?:—|–|--|-\s)",
    re.MULTILINE,
)
_BEFORE = re.compile(r"(?P<city>[A-ZÀ-ÖØ-Þ][\w.'’-]*(?:[ -][A-ZÀ-ÖØ-Þ][\w.'’-]*){0,3}),\s+\Z")
_BLANK = re.compile(" ")
_REST = re.compile(r" (?:(?:al|el|as|az|ash|an|er|ez|at)[- ])?[A-ZÀ-ÖØ-Þ][\w’'-]*")
# What many names open with and what is none alone.
_FIRSTS = frozenset(
    "Khan Sheikh Tal Tall Tell Tel Deir Umm Abu Ain Ras Wadi Jabal Jebel Kafr Kfar Beit Bab Bir Qalat Mount Lake Fort Port San Santa Saint Sant São "
    "Los Las El La Le New Nueva Ban Khirbat Burj Nahr Dar Shah Mir Bala Qala Kot".split()
)
_SIDE = re.compile(r"(?:North|South|East|West)(?:[ -]?[Ee]ast|[ -]?[Ww]est)?(?:ern)?|Central|Rural")
_BEHIND = re.compile(r",\s+(?P<holder>(?:[A-Z][a-z]{0,3}\.\s?)+|[A-ZÀ-ÖØ-Þ][\w'’-]+(?:[ -][A-ZÀ-ÖØ-Þ][\w'’-]+)?)")
_LONGEST = 4  # words of a place's name that stands in another's


@dataclass
class _Finder:
    """Place names of one report by their spans."""

    text: str
    gazetteer: Gazetteer

    def __post_init__(self) -> None:
        self.found: dict[Span, Toponym] = {}
        self.facilities: list[Mention] = []
        self._taken = bytearray(len(self.text))

    def known(self, name: str) -> tuple[Hit, ...]:
        return tuple(self.gazetteer.find(name))

    def add(self, start: int, end: int) -> None:
        """A name, unless it touches one that is there already."""
        if start < end and not any(self._taken[start:end]):
            self._taken[start:end] = b"\1" * (end - start)
            self.found[start, end] = Toponym(self.text[start:end], (start, end))

    # --- names that the engine takes for places ---

    def own(self, mention: Mention) -> None:
        start, end = self._on(*self._whole(mention.start, mention.end))
        for part in (piece for whole in self._owner(start, end) for piece in self._parts(*whole)):
            a, b = self._capital_part(*part)
            if a == b or self._is_side(a, b) or self.text[a:b].islower():
                continue
            last = self.text[a:b].rsplit(None, 1)[-1].lower().strip(".")
            if last not in _FACILITY | _STREET or self.known(self.text[a:b]):
                self.add(a, b)
            elif last in _FACILITY:
                self.facilities.append(Mention("organisation", a, b, mention.score, "name"))

    def _owner(self, start: int, end: int) -> list[Span]:
        """ "Syrias Homs", whose apostrophe is lost, as two names; the first one without its ending."""
        first = _WORD.match(self.text, start, end)
        if first is None or not first.group().endswith("s") or self.known(self.text[start:end]):
            return [(start, end)]
        name, rest = first.group()[:-1].rstrip("'’"), _WORD.search(self.text, first.end(), end)
        told = is_country(name) or (self.known(name) and re.search(rf"\b{re.escape(name)}\b", self.text))
        if self.known(first.group()) or not told:
            return [(start, end)]
        owner = (start, start + len(name))
        return [owner, (rest.start(), end)] if rest is not None else [owner]

    def _capital_part(self, start: int, end: int) -> Span:
        """Without small words at the end ("Idlib countryside") where the gazetteer knows only what is left."""
        words = [(start + m.start(), start + m.end()) for m in _WORD.finditer(self.text[start:end])]
        if not words:
            return start, start
        last = max((b for a, b in words if not self.text[a:b].islower()), default=end)
        name = self.text[start:end]
        cut_short = words[-1][1] - words[-1][0] <= 3  # "Ain al" of "Ain al-Arab"
        if last == words[-1][1] or cut_short or self.known(name) or split_kind(name).kind is not None:
            return start, end
        return (start, last) if self.known(self.text[start:last]) else (start, end)

    def _on(self, start: int, end: int) -> Span:
        """With the rest of a name of which only the first word was taken ("Khan" of "Khan Touman")."""
        more = _REST.match(self.text, end)
        if more is None or self.text[start:end] not in _FIRSTS:
            return start, end
        return start, more.end()

    def _is_side(self, start: int, end: int) -> bool:
        """Whether a name is only the first word of one that goes on ("Eastern" of "Eastern Ghouta")."""
        more = self.text[end : end + 1] == " " and self.text[end + 1 : end + 2].isupper()
        return more and _SIDE.fullmatch(self.text, start, end) is not None

    def _whole(self, start: int, end: int) -> Span:
        """With the rest of an abbreviation that was cut ("W." of "W.Va.")."""
        if self.text[end - 1 : end] == ".":
            more = _ABBREVIATED.match(self.text, end)
            end = more.end() if more else end
        return start, end

    def _parts(self, start: int, end: int) -> Iterator[Span]:
        """ "Helmand and Kandahar provinces" as two names, unless the gazetteer knows it as one."""
        words = self.text[start:end]
        plural = _PLURAL_KIND.search(words)
        bare = words[: plural.start()] if plural else words
        cuts = list(_AND.finditer(bare))
        if not cuts and plural is None:
            yield start, end
            return
        pieces, at = [], 0
        for cut in cuts:
            pieces.append((at, cut.start()))
            at = cut.end()
        pieces.append((at, len(bare)))
        if self.known(words) or not all(a < b and self.known(words[a:b]) for a, b in pieces):
            yield start, end
            return
        yield from ((start + a, start + b) for a, b in pieces)

    # --- names inside others ---

    def within(self, mention: Mention, own: frozenset[str]) -> None:
        """Of an organisation's or a person's name the place that it opens with, or that stands behind "of"."""
        words = [(mention.start + m.start(), mention.start + m.end()) for m in _WORD.finditer(self._words(mention))]
        person = mention.kind == "person"

        def opens(start: int, end: int, hits: tuple[Hit, ...]) -> bool:
            following = _WORD.match(self.text, end + 1) if self.text[end : end + 1] == " " else None
            if following is not None and following.group().lower().rstrip(".") in _OWNED:
                return True
            return not person and (name_key(self.text[start:end]) in own or (end < mention.end and _is_land(hits)))

        def is_home(start: int, end: int, hits: tuple[Hit, ...]) -> bool:
            return person or name_key(self.text[start:end]) in own or _is_land(hits)

        if not self._leading(words, opens):
            behind = next((k for k, (a, _) in enumerate(words) if _OF.search(self.text, mention.start, a)), len(words))
            self._leading(words[behind:], is_home)

    def _words(self, mention: Mention) -> str:
        return self.text[mention.start : mention.end]

    def _leading(self, words: list[Span], fits: Callable[[int, int, tuple[Hit, ...]], bool]) -> bool:
        """Add the longest known name that the words open with, if there is one that `fits`."""
        for size in range(min(_LONGEST, len(words)), 0, -1):
            start, end = words[0][0], words[size - 1][1]
            name = self.text[start:end].removesuffix("'s").removesuffix("’s")
            end = start + len(name)
            if (
                not name[:1].isupper()
                or name.lower() in _COMMON
                or (country_of(name) is not None and not is_country(name))
            ):
                continue
            hits = self.known(name)
            if hits and fits(start, end, hits):
                self.add(start, end)
                return True
        return False

    # --- names by their place in the text ---

    def datelines(self) -> None:
        """ "KABUL, Afghanistan (AP) —" at the head of a paragraph."""
        for match in _DATELINE.finditer(self.text):
            for group in ("city", "holder"):
                if match.group(group) and self.known(match.group(group)):
                    self.add(*match.span(group))

    def held(self) -> None:
        """The other half of "Bethel, Vermont" where the gazetteer has the one in the other."""
        for toponym in list(self.found.values()):
            hits = self.known(toponym.text)
            before = _BEFORE.search(self.text, max(0, toponym.span[0] - 60), toponym.span[0])
            if before is not None:
                start, end = before.span("city")
                for at in (start, *(start + m.end() for m in _BLANK.finditer(before.group("city")))):
                    if self._holds(hits, self.known(self.text[at:end])):
                        self.add(at, end)
                        break
            behind = _BEHIND.match(self.text, toponym.span[1])
            if behind is not None and self._holds(self.known(behind.group("holder")), hits):
                self.add(*behind.span("holder"))

    @staticmethod
    def _holds(holders: tuple[Hit, ...], held: tuple[Hit, ...]) -> bool:
        divisions = {h.entry.admin1_code for h in holders if h.entry.kind == "adm1"}
        countries = {h.entry.country for h in holders if h.entry.kind == "country"}
        return any(
            h.entry.kind == "town" and (h.entry.admin1_code in divisions or h.entry.country in countries) for h in held
        )


def _is_land(hits: Iterable[Hit]) -> bool:
    """Whether a name is the main name of a country or of a first-level division."""
    return any(h.entry.kind in {"country", "adm1"} and h.match == "name" for h in hits)


def find_toponyms(text: str, annotation: Annotation, gazetteer: Gazetteer, least: float = 0.0) -> list[Toponym]:
    """Place names of a report in text order, without overlap; `least` is the least score of an engine's mention."""
    finder = _Finder(text, gazetteer)
    names = [m for m in annotation.mentions if m.layer == "name"]
    for mention in names:
        if mention.kind == "place" and mention.score >= least:
            finder.own(mention)
    finder.datelines()
    finder.held()
    own = frozenset(name_key(t.text) for t in finder.found.values())
    for mention in (*names, *finder.facilities):
        if mention.kind in {"organisation", "person"}:
            finder.within(mention, own)
    return [finder.found[span] for span in sorted(finder.found)]
