"""The relevance gate: whether a report can hold an event of interest, told from its words alone.

An event of interest is one with an ACLED sub-event type: political violence, protest, and what armed sides do beside
(arrests, moves, agreements). The words of the lexicon are looked up as they stand, without a parse; each has a weight
of a logistic regression (`training/gate.py`), and a report passes if enough of its passages score well, each by how well,
or one very well: a war that is named in passing is no report of it. Talks, calls and statements alone do not pass: who wants all that the coder codes leaves the gate out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from histor.coding.lexicon import Lexicon, load_lexicon
from histor.model.records import Report

PASSAGE = 40  # words, about two sentences
_SURE = 1_000.0
_HALF, _MOST = 0.5, 3.0  # what a passage counts that only just tells, and the most that one counts
TOKEN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Gate:
    """Words with their lemma and weight, and how much of a text they must speak for; no state between reports.

    A passage tells of an event when it scores `told`, and counts a half then, and more by how far it is above. A text
    passes when that comes to `share` of the passages that it has room for, or when one passage scores `sure`.
    """

    version: str
    bias: float
    told: float
    share: float
    sure: float
    words: Mapping[str, tuple[str, float]]

    def passes(self, report: Report) -> bool:
        """Whether the report is worth coding."""
        return self.lets_through(f"{report.title}\n{report.text}" if report.title else report.text)

    def lets_through(self, text: str) -> bool:
        """Whether a text, with its title if it has one, is worth coding."""
        tokens = TOKEN.findall(text.lower())
        needed = self.share * max(1.0, len(tokens) / PASSAGE)
        telling = 0.0
        for score in self._passages(tokens):
            if score >= self.told:
                telling += min(score - self.told + _HALF, _MOST)
            if telling >= needed or score >= self.sure:
                return True
        return False

    def _passages(self, tokens: Sequence[str]) -> Iterator[float]:
        """Scores of passages, each from a known word on; what follows one that tells begins behind it."""
        known = self.words
        hits = [(k, *known[word]) for k, word in enumerate(tokens) if word in known]
        end = 0
        for at, (first, _, _) in enumerate(hits):
            if first < end:
                continue
            score, seen = self.bias, set[str]()
            for k, lemma, weight in hits[at:]:
                if k - first >= PASSAGE:
                    break
                if lemma not in seen:
                    seen.add(lemma)
                    score += weight
            if score >= self.told:
                end = first + PASSAGE
            yield score


@cache
def shipped_gate() -> Gate:
    """The gate in ``data/gate.toml``."""
    table = tomllib.loads(resources.files("histor.coding").joinpath("data/gate.toml").read_text(encoding="utf-8"))
    words = {form: (lemma, weight) for lemma, (weight, own) in table["words"].items() for form in own.split()}
    return Gate(words=words, **{name: table[name] for name in ("version", "bias", "told", "share", "sure")})


def gate_for(lexicon: Lexicon) -> Gate:
    """The shipped gate; a word that only this lexicon has, in whatever form, is enough for a report to pass."""
    gate, ours = shipped_gate(), load_lexicon()
    added = (_heads(lexicon) - _heads(ours)) if lexicon.version != ours.version else set()
    if not added:
        return gate
    theirs = {form: (lemma, _SURE) for lemma in sorted(added) for form in forms_of(lemma)}
    return replace(gate, version=f"{gate.version}+{lexicon.version}", words={**gate.words, **theirs})


def _heads(lexicon: Lexicon) -> set[str]:
    return {part for table in (lexicon.verbs, lexicon.nouns) for word in table for part in TOKEN.findall(word)}


def forms_of(lemma: str) -> set[str]:
    """The forms that a regular verb or noun may have: "shell", "shells", "shelled", "shelling", "shelling"."""
    stem = lemma.removesuffix("e")
    found = {lemma, stem + "ed", stem + "ing", lemma + "s"}
    if lemma.endswith(("s", "sh", "ch", "x", "z")):
        found.add(lemma + "es")
    if lemma.endswith("y"):
        found |= {lemma[:-1] + "ies", lemma[:-1] + "ied"}
    if lemma.endswith("man"):
        found.add(lemma[:-3] + "men")
    if re.search(r"[^aeiou][aeiou][bdgklmnprt]\Z", lemma):
        found |= {lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing"}
    return found
