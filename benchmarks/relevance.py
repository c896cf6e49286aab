"""`relevance`: what police did in Gujarat in 2002, by sentence and by report (India Police Events).

Data: `sents_PART.tsv` and `docs_PART.tsv`, a text and five marks a line: police killed somebody (KILL),
arrested somebody (ARREST), did anything (ANY), failed to act (FAIL), used force (FORCE); Halterman, Keith,
Sarwar and O'Connor, "Corpus-Level Evaluation for Event QA" (2021), github.com/slanglab/IndiaPoliceEvents.
Evaluation only. A text is of a class where one of its coded event mentions is (`classes`); nothing is
trained on it. Every sentence is coded by itself, as the set was read by people.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.scoring import Counts, show
from histor.jobs.coding import code_text
from histor.model.errors import InputError
from histor.model.records import CodedReport, EventMention

CLASSES = ("KILL", "ARREST", "ANY", "FAIL", "FORCE")
FORCES = frozenset({"COP", "MIL", "PRM", "SPY"})
_FORCE = re.compile(
    r"\b(?:police\w*|cops?|constables?|army|troops|soldiers?|jawans?|commandos?|security (?:forces|personnel|men)|"
    r"paramilitar\w+|nsg|crpf|bsf|rpf|srp|raf)\b",
    re.IGNORECASE,
)
_DEAD = re.compile(r"\b(?:kill\w*|shot dead|gunned down|dead|died|death\w*|fatal\w*|body|bodies)\b", re.IGNORECASE)
_GUNS = frozenset({"firearms", "crowd-control", "beat", "torture"})
_IDLE = re.compile(
    r"\b(?:fail\w*|inact\w+|refus\w+|ignor\w+|mute|bystanders?|spectators?|nothing|slugg\w+|delay\w*|absen\w+|"
    r"late|allowed|helpless|could not|did not|not act|looked on|stood by)\b",
    re.IGNORECASE,
)


def classes(coded: CodedReport) -> frozenset[str]:
    """The classes of a coded text."""
    found: set[str] = set()
    for mention in coded.event_mentions:
        found |= classes_of(coded, mention)
    return frozenset(found)


def classes_of(coded: CodedReport, mention: EventMention) -> frozenset[str]:
    """What a mention says police did: by its type, mode, toll and parties, and the words of its sentence."""
    words = sentence_around(coded.report.text, mention.trigger.span)
    ours = any(a.sector in FORCES or _FORCE.search(a.text) for a in mention.actors)
    spoken = _FORCE.search(words) is not None
    found: set[str] = set()
    if mention.event_type == "ASSAULT":
        toll = [c for c in mention.casualties if c.kind == "killed" and c.best != 0]
        # "Two were shot dead": whoever shoots unnamed in these reports is most often police.
        police = (
            ours
            or (spoken and (not mention.actors or bool(toll)))
            or (not mention.actors and mention.mode == "firearms")
        )
        told = _DEAD.search(words if ours and mention.mode == "firearms" else mention.trigger.text)
        if police and (toll or told):
            found.add("KILL")
        if ours or (spoken and mention.mode in _GUNS):
            found.add("FORCE")
    if mention.event_type == "PROTEST" and spoken and any(c.kind == "killed" for c in mention.casualties):
        found.add("KILL")
    if mention.event_type == "COERCE" and mention.mode == "arrest" and (ours or not mention.actors or spoken):
        found.add("ARREST")
    if ours and mention.factuality not in {"denied", "hypothetical", "forecast", "opinion", "planned"}:
        found.add("ANY")
    if (
        spoken
        and _IDLE.search(words)
        and (mention.factuality == "denied" or mention.event_type in {"ACCUSE", "REJECT"})
    ):
        found.add("FAIL")
    if found & {"KILL", "ARREST", "FORCE"}:
        found.add("ANY")
    return frozenset(found)


_END = re.compile(r"[.!?](?:\s|$)|\n")


def sentence_around(text: str, span: tuple[int, int]) -> str:
    """The words between the ends of sentences around a span."""
    before = [m.end() for m in _END.finditer(text, 0, span[0])]
    after = _END.search(text, span[1])
    return text[before[-1] if before else 0 : after.start() if after else len(text)]


def load(path: Path) -> list[tuple[str, frozenset[str]]]:
    """Texts with their classes. Raises InputError with the line that is wrong."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text, *marks = line.split("\t")
        if len(marks) != len(CLASSES) or not set(marks) <= {"0", "1"}:
            raise InputError(
                "benchmark.data", "not a text and five marks of 0 or 1.", where=f"{path}: line {number}",
                do="Give the folder with sents_dev.tsv and docs_dev.tsv.",
            )  # fmt: skip
        rows.append((text, frozenset(c for c, m in zip(CLASSES, marks, strict=True) if m == "1")))
    return rows


def predict(texts: Iterable[str]) -> list[frozenset[str]]:
    return [classes(code_text(t)) if any(map(str.isalnum, t)) else frozenset() for t in texts]


def score(gold: Sequence[frozenset[str]], guessed: Sequence[frozenset[str]]) -> dict[str, Counts]:
    """Counts of each class."""
    return {
        name: Counts(
            sum(name in g and name in p for g, p in zip(gold, guessed, strict=True)),
            sum(name in g for g in gold),
            sum(name in p for p in guessed),
        )
        for name in CLASSES
    }


def run(args: argparse.Namespace) -> dict[str, Any]:
    part = args.part or "dev"
    figures: dict[str, Any] = {}
    for kind in ("sents", "docs"):
        rows = load(args.data / f"{kind}_{part}.tsv")
        figures[kind] = score([c for _, c in rows], predict(t for t, _ in rows))
        table = [(name, c.precision, c.recall, c.f1, int(c.gold)) for name, c in figures[kind].items()]
        show(f"relevance: {len(rows)} {kind} of {part}", ("", "P", "R", "F1", "gold"), table)
    return figures
