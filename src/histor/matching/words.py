"""Words as matching compares them: stems, and how telling each is.

A stem is a word without its common English endings, so that *bombing*, *bombed* and *bombs* are one.
How telling a stem is (its inverse document frequency) stands in ``data/words.tsv``, counted once over
texts that may be shipped (`training/word_counts.py`), so that no pair's score changes when another
report comes in. A stem that is not in the table is as rare as can be.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_VOWEL = re.compile(r"[aeiouy]")
_ENDINGS = (
    "ations", "ation", "ments", "ment", "ings", "ing", "edly", "ers", "ies", "ied", "ions", "ion", "ed", "es", "er",
    "ly", "s",
)  # fmt: skip
STOP = frozenset(
    "a an the and or but if then than that this these those it its he she they them his her their our we us you i my me "
    "him who whom whose which what when where why how of in on at by for from to with without into onto over under "
    "about against between after before during since until near as is are was were be been being am do does did has "
    "have had having will would shall should can could may might must not no nor so such same own very more most less "
    "least much many few some any each every all both either one ones also only just even still yet again there here "
    "up down out off too say said says saying told tell tells according reported report reports while because though "
    "although however per via mr mrs ms s t re ve ll d m".split()
)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """`word` in lower case without accents, possessive and one common ending; at least three letters stay."""
    plain = unicodedata.normalize("NFKD", word.lower()).encode("ascii", "ignore").decode() or word.lower()
    plain = re.sub(r"['’]s?$", "", plain.replace("’", "'")).replace("'", "")
    for ending in _ENDINGS:
        left = plain[: -len(ending)]
        if plain.endswith(ending) and len(left) >= 3 and _VOWEL.search(left) and not plain.endswith("ss"):
            plain = left + ("y" if ending in {"ies", "ied"} else "")
            break
    if len(plain) > 3 and plain[-1] == plain[-2] and plain[-1] not in "lseo":
        plain = plain[:-1]
    return plain[:-1] if len(plain) > 4 and plain.endswith("e") else plain


def stems(text: str) -> list[str]:
    """Stems of the words of `text` in order, small words left out."""
    return [stem(w) for w in _WORD.findall(text) if w.lower().replace("’", "'") not in STOP]


@cache
def _table() -> tuple[dict[str, float], float]:
    lines = resources.files("histor.matching").joinpath("data/words.tsv").read_text(encoding="utf-8").splitlines()
    documents = int(lines[0].split("\t")[1])
    counts = (line.split("\t") for line in lines[1:])
    return {word: math.log((1 + documents) / (1 + int(n))) for word, n in counts}, math.log((1 + documents) / 2)


def rarity(word: str) -> float:
    """Inverse document frequency of a stem (natural logarithm): 0 for a word of every text."""
    table, rarest = _table()
    return table.get(word, rarest)


class Bag:
    """A set of stems with their squared rarities, ready to be compared."""

    __slots__ = ("_last", "norm", "weights")

    def __init__(self, words: Iterable[str]) -> None:
        self.weights: Mapping[str, float] = {w: rarity(w) ** 2 for w in sorted(set(words))}
        self.norm = math.sqrt(sum(self.weights.values()))
        self._last: tuple[Bag | None, float] = (None, 0.0)

    def shared(self, other: Bag) -> float:
        """Sum of squared rarities of the stems that both hold."""
        # Two features ask for the same pair of bags, one after the other.
        last, found = self._last
        if last is other:
            return found
        both = self.weights.keys() & other.weights.keys()
        # Sorted, since the order in which numbers are added shows in their last digits.
        found = sum([self.weights[word] for word in sorted(both)])
        self._last = (other, found)
        return found

    def cosine(self, other: Bag) -> float:
        """Likeness of the two bags, 0 to 1; 0 where one is empty."""
        if not self.norm or not other.norm:
            return 0.0
        return self.shared(other) / (self.norm * other.norm)
