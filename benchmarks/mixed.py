"""Reports of conflict and other news from the data at hand, for what has to tell them apart or to be quick about both.

Conflict: FA-KES (`fakes/`). Other news: LGL (local news), PolNeAR (a presidential campaign), and the documents of UD
English EWT and GUM. Evaluation only.
"""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks.load import options
from histor.capture.inputs import InputOptions, Problem, make_report, read_inputs
from histor.model.records import Report

_T = TypeVar("_T")
NAMES = (
    "Amira Bento Carmel Dagny Edrik Farsha Gomel Hadrin Ilvane Jorund Kessia Lomar Mirelle Naviad Ostrava Perrin Quilla "
    "Rosheen Sandor Talvik Umbria Varden Wexley Xandri Yorath Zemira"
).split()
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")


def conflict(data: Path) -> list[Report]:
    """The reports of FA-KES. Raises InputError if one of them cannot be read."""
    found = []
    for item in read_inputs([str(data / "fakes" / "FA-KES-Dataset.csv")], options()):
        if isinstance(item, Problem):
            raise item.error
        found.append(item)
    return found


def other(data: Path) -> dict[str, list[str]]:
    """Texts of other news by set."""
    lgl = [a.findtext("text") or "" for a in ET.parse(data / "lgl" / "lgl.xml").getroot()]
    polnear = [p.read_text(encoding="utf-8") for p in sorted((data / "polnear").glob("*/text/**/*.txt"))]
    found = {"lgl": lgl, "polnear": polnear}
    for name in ("ewt", "gum"):
        found[name] = list(_documents(data / f"ud_english_{name}"))
    return {name: [text for text in texts if any(map(str.isalnum, text))] for name, texts in found.items()}


def _documents(folder: Path) -> Iterator[str]:
    """The documents of a treebank, a paragraph of its sentences each."""
    for part in ("train", "dev", "test"):
        lines: list[str] = []
        for line in (folder / f"{part}.conllu").read_text(encoding="utf-8").splitlines():
            if line.startswith("# newdoc") and lines:
                yield " ".join(lines)
                lines = []
            elif line.startswith("# text = "):
                lines.append(line.removeprefix("# text = "))
        yield " ".join(lines)


def mixed_day(told: Sequence[Report], others: Sequence[str], size: int, seed: int = 7) -> Iterator[Report]:
    """`size` reports of which every tenth is one of `told`; each repetition has names of its own."""
    rng = random.Random(seed)
    ours, theirs = _endless(rng, told), _endless(rng, others)
    for k in range(size):
        if k % 10 == 0:
            report = next(ours)
            text, title, published = report.text, report.title, report.published
        else:
            text, title, published = next(theirs), None, None
        fields = {"text": renamed(rng, text), "title": title, "published": published}
        yield make_report(fields, f"{k} {text}".encode("utf-8", "surrogatepass"), InputOptions(), f"report {k}")


def _endless(rng: random.Random, items: Sequence[_T]) -> Iterator[_T]:
    while True:
        yield from rng.sample(items, len(items))


def renamed(rng: random.Random, text: str) -> str:
    """The text with some of the capitalised words inside its sentences changed, so that no two copies are alike."""
    chosen: dict[str, str] = {}
    return _NAME.sub(lambda m: chosen.setdefault(m[0], rng.choice(NAMES) if rng.random() < 0.3 else m[0]), text)
