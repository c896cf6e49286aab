"""`attribution`: who is the source of what, and by which words (PolNeAR).

The data (E. Newell, D. Margolin, D. Ruths, *An Attribution Relations Corpus for Political News*, LREC
2018; https://github.com/networkdynamics/PolNeAR) lie in `shared/data/polnear`:
``text/NAME.txt`` and ``attributions/NAME_CODER.ann``, brat's stand-off format, in which an attribution
is an event with a *source* (or none), a *cue* and a *content*; a span may have several pieces. A few
texts were read by several coders: each such reading counts for its share, so that every text weighs one.

Predictions are the attribution relations that coding finds (`histor.coding.attribution`), the same that
give an event mention its chain of speakers, less those that PolNeAR leaves unmarked: inside direct speech,
inside what another is told to say, and attitudes of nobody named. Offsets are the files' own. Units are words (punctuation left out). Figures, for source,
cue and content each:

- words: P, R, F1 over words that are, of any attribution, source (cue, content): the benchmark's figure;
- linked: attributions are aligned one to one by the words that their cues and contents share, the most
  first; a word is right if it stands in the same role of the aligned attribution. This asks also that
  the words belong together.

Where a text has several readings, the row ``between coders`` scores each of them against each other.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from benchmarks.scoring import Counts, show
from histor.coding.attribution import find_attributions
from histor.coding.grammar import Clause
from histor.engines.protocol import Engine
from histor.engines.table import load_engine
from histor.model.annotation import Span
from histor.model.errors import InputError

NEEDS_SOURCE = frozenset({"object"})
ROLES = ("source", "cue", "content")
_WORD = re.compile(r"\w+(?:['’.,-]\w+)*")
_SPAN = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t")
_EVENT = re.compile(r"E\d+\t(.+)")

Attributed = dict[str, list[Span]]
"""One attribution: the pieces of its source, cue and content."""


@dataclass(frozen=True)
class Item:
    """A text with the attributions that each of its coders marked."""

    id: str
    text: str
    readings: tuple[list[Attributed], ...]


def read_ann(raw: str) -> list[Attributed]:
    """The attributions of one brat file; a role whose span is missing is left empty."""
    spans: dict[str, list[Span]] = {}
    found: list[Attributed] = []
    lines = raw.split("\n")
    for match in filter(None, map(_SPAN.match, lines)):
        pieces = (p.split() for p in match[3].split(";"))
        spans[match[1]] = [(int(a), int(b)) for a, b in pieces]
    for match in filter(None, map(_EVENT.match, lines)):
        attributed: Attributed = {role: [] for role in ROLES}
        for part in match[1].split()[1:]:
            name, _, target = part.partition(":")
            role = name.rstrip("0123456789").lower()
            if role in attributed:
                attributed[role].extend(spans.get(target, []))
        if any(attributed.values()):
            found.append(attributed)
    return found


def read_items(folder: Path) -> list[Item]:
    """The texts of ``folder/text`` with all readings of each in ``folder/attributions``.

    Raises InputError where one of the two folders is missing.
    """
    texts, marks = folder / "text", folder / "attributions"
    if not texts.is_dir() or not marks.is_dir():
        raise InputError(
            "attribution.data", "there is no PolNeAR data.", where=str(folder),
            do="Name a folder that holds text/ and attributions/, or one above that holds dev/.",
        )  # fmt: skip
    readings: dict[str, list[list[Attributed]]] = {}
    for path in sorted(marks.glob("*.ann")):
        name = path.stem.rpartition("_")[0]
        readings.setdefault(name, []).append(read_ann(path.read_text(encoding="utf-8")))
    return [
        Item(path.stem, path.read_text(encoding="utf-8"), tuple(readings[path.stem]))
        for path in sorted(texts.glob("*.txt"))
        if path.stem in readings
    ]


def predict(text: str, engine: Engine) -> list[Attributed]:
    """Source, cue and content of the attributions that coding finds in a text, less those PolNeAR does not mark."""
    clauses = [Clause(s) for s in engine.annotate(text).sentences]
    return [
        {"source": list(a.source), "cue": list(a.cue), "content": list(a.content)}
        for a in find_attributions(clauses, text)
        if not a.quoted and not a.nested and (a.source or a.frame not in NEEDS_SOURCE)
    ]


# --- scores --------------------------------------------------------------------------------------


def words_in(text: str, spans: Iterable[Span]) -> frozenset[int]:
    """Starts of the words that the spans touch."""
    words = _words(text)
    found: set[int] = set()
    for a, b in spans:
        for k in range(bisect_right(words, a, key=lambda w: w[1]), len(words)):
            if words[k][0] >= b:
                break
            found.add(words[k][0])
    return frozenset(found)


@lru_cache(maxsize=8)
def _words(text: str) -> list[Span]:
    return [m.span() for m in _WORD.finditer(text)]


def score_words(text: str, gold: Sequence[Attributed], guessed: Sequence[Attributed]) -> dict[str, Counts]:
    """Word counts of each role, whichever attribution a word is of."""
    counts = {}
    for role in ROLES:
        g = words_in(text, (s for a in gold for s in a[role]))
        p = words_in(text, (s for a in guessed for s in a[role]))
        counts[role] = Counts(len(g & p), len(g), len(p))
    return counts


def score_linked(text: str, gold: Sequence[Attributed], guessed: Sequence[Attributed]) -> dict[str, Counts]:
    """Word counts of each role over attributions aligned one to one; those left over count as missed or wrong."""
    g, p = ([{r: words_in(text, a[r]) for r in ROLES} for a in side] for side in (gold, guessed))
    shared = {
        (i, j): (len(x["cue"] & y["cue"]) > 0, len(x["cue"] & y["cue"]) + len(x["content"] & y["content"]))
        for i, x in enumerate(g)
        for j, y in enumerate(p)
    }
    pairs: dict[int, int] = {}
    for (i, j), (_, size) in sorted(shared.items(), key=lambda e: (e[1], -e[0][0], -e[0][1]), reverse=True):
        if size and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return {
        role: Counts(
            sum(len(g[i][role] & p[j][role]) for i, j in pairs.items()),
            sum(len(a[role]) for a in g),
            sum(len(a[role]) for a in p),
        )
        for role in ROLES
    }


def score(items: list[Item], predicted: dict[str, list[Attributed]]) -> dict[str, dict[str, Counts]]:
    """``{words|linked: {role: counts}}`` over all texts; a text's readings share its weight."""
    total = {name: {role: Counts() for role in ROLES} for name in ("words", "linked")}
    for item in items:
        for gold in item.readings:
            for name, method in (("words", score_words), ("linked", score_linked)):
                _add(total[name], method(item.text, gold, predicted[item.id]), 1 / len(item.readings))
    return total


def between_coders(items: list[Item]) -> dict[str, Counts]:
    """Word counts of each coder's reading against each other one of the same text."""
    total = {role: Counts() for role in ROLES}
    for item in items:
        pairs = list(itertools.permutations(item.readings, 2))
        for gold, other in pairs:
            _add(total, score_words(item.text, gold, other), 1 / len(pairs))
    return total


def _add(total: dict[str, Counts], counts: dict[str, Counts], weight: float) -> None:
    for role, c in counts.items():
        total[role].add(c.right * weight, c.gold * weight, c.guessed * weight)


def run(args: argparse.Namespace) -> dict[str, dict[str, Counts]]:
    data: Path = args.data
    folder = data / (args.part or "dev") if not (data / "text").is_dir() else data
    items = read_items(folder)
    engine = load_engine("embedded")
    predicted = {item.id: predict(item.text, engine) for item in items}
    if args.predictions:
        with args.predictions.open("w", encoding="utf-8") as handle:
            for docid, attributions in predicted.items():
                handle.write(json.dumps({"docid": docid, "attributions": attributions}) + "\n")
    figures = score(items, predicted)
    several = [item for item in items if len(item.readings) > 1]
    if several:
        figures["between coders"] = between_coders(several)
    rows = [
        (f"{name}: {role}", c.precision, c.recall, c.f1, round(c.gold))
        for name, counts in figures.items()
        for role, c in counts.items()
    ]
    title = f"attribution: PolNeAR {folder.name}, {len(items)} texts (human agreement: Krippendorff's α .754)"
    show(title, ("", "P", "R", "F1", "gold words"), rows)
    return figures
