"""`types`: PLOVER's gold records, one event each, with its source and target.

The data are the sentences of the CAMEO manual as PLOVER's authors coded them anew
(https://github.com/openeventdata/PLOVER, CC BY-SA 4.0; type names of 2016). DEMAND is now REQUEST,
DISAPPROVE and INVESTIGATE are ACCUSE, FIGHT is ASSAULT, and destroying property (CAMEO 1712) is ASSAULT
instead of COERCE (CAMEO2PLOVER-2021.txt, beside the records).

A sentence often tells more events than the one of its record. Prediction is the *chief* event mention, chosen
without a look at the record: the trigger that stands highest in the parse, the more confident of two as high.
Its type is read as PLOVER reads it, which has no factuality (`Codebook.in_plover`). Figures:

- accuracy and macro-F1 of the chief mention's type; of the mention whose trigger touches the record's event
  words (`touching`); and how often any mention has the type (`any`). No mention is wrong;
- source and recipient text F1 of the chief mention: a coded phrase is right if its content words are those of
  the gold phrase, within them or around them (`alike` of `gold`), one to one. Where the record marks both
  parties as source and target at once, both sides count as one.

Nothing is trained on the records; the lexicon was written with their mistakes in view.
"""

from __future__ import annotations

import argparse
import collections
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.gold import alike
from benchmarks.scoring import Counts, macro_f1, show
from histor.codebook.codebook import load_codebook
from histor.coding.retellings import Telling
from histor.jobs.coding import code_text, default_coding
from histor.model.errors import InputError
from histor.model.records import EventMention

RENAMED = {"DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "INVESTIGATE": "ACCUSE", "FIGHT": "ASSAULT"}
NONE = "-"


@dataclass(frozen=True)
class Record:
    """A gold record: its sentence, the words of its event, and the parties as they stand in the text."""

    text: str
    type: str
    words: frozenset[str]
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    mutual: bool


def load(path: Path) -> list[Record]:
    """Records of `PLOVER_GSR_CAMEO.txt` or of the folder that holds it. Raises InputError."""
    file = path / "PLOVER_GSR_CAMEO.txt" if path.is_dir() else path
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        return [_record(row) for row in rows if row["event"] != "DOCUMENT"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            "benchmark.data", f"no gold records of PLOVER ({error!r}).", where=str(file),
            do="Give the folder with PLOVER_GSR_CAMEO.txt.",
        ) from error  # fmt: skip


def _record(row: dict[str, Any]) -> Record:
    type_ = RENAMED.get(row["event"], row["event"])
    if row["event"] == "COERCE" and row.get("mode") == "destroy":
        type_ = "ASSAULT"
    info = row.get("textInfo")
    markup = info.get("markup", "") if isinstance(info, dict) else str(info)
    return Record(
        row["text"], type_, frozenset(re.findall(r"\w+", row["eventText"].lower())),
        _parties(row.get("source")), _parties(row.get("target")), "SRC/TAR" in markup,
    )  # fmt: skip


def _parties(value: Any) -> tuple[str, ...]:
    """Texts of the parties; the file has lists of objects, and here and there bare words."""
    if not isinstance(value, list):
        return ()
    texts = [v if isinstance(v, str) else v.get("actorText", "") for v in value]
    spaced = (re.sub(r"[()\s]+", " ", t.replace("...", " ")).strip() for t in texts if t)
    return tuple(re.sub(r"['’]s$", "", t) for t in spaced)


def chief(tellings: Sequence[Telling]) -> Telling | None:
    """The telling whose trigger stands highest in the parse of its sentence."""

    def rank(telling: Telling) -> tuple[int, float, int]:
        depth = sum(1 for _ in telling.clause.ancestors(telling.head))
        return depth, -telling.mention.confidence, telling.mention.trigger.span[0]

    return min(tellings, key=rank, default=None)


def touching(record: Record, tellings: Sequence[Telling]) -> Telling | None:
    """The telling whose trigger has a word of the record's event, best covered first."""

    def shared(telling: Telling) -> int:
        return len(record.words & set(re.findall(r"\w+", telling.mention.trigger.text.lower())))

    best = max(tellings, key=lambda t: (shared(t), t.mention.confidence), default=None)
    return best if best is not None and shared(best) else None


def typed(telling: Telling | None) -> str:
    if telling is None:
        return NONE
    return load_codebook().in_plover(telling.mention.event_type, telling.mention.factuality)


def party_counts(record: Record, mention: EventMention | None) -> dict[str, Counts]:
    """Right, gold and coded parties of a record."""
    actors = [a.text for a in mention.actors] if mention else []
    recipients = [a.text for a in mention.recipients] if mention else []
    if record.mutual:
        return {"source": _matched([*record.sources, *record.targets], [*actors, *recipients]), "recipient": Counts()}
    return {"source": _matched(record.sources, actors), "recipient": _matched(record.targets, recipients)}


def _matched(gold: Sequence[str], coded: Sequence[str]) -> Counts:
    free = list(coded)
    right = 0
    for phrase in gold:
        hit = next((c for c in free if alike(phrase, c)), None)
        if hit is not None:
            free.remove(hit)
            right += 1
    return Counts(right, len(gold), len(coded))


def tell(record: Record) -> list[Telling]:
    """The tellings of a record's sentence, as the shipped coder finds them."""
    coding = default_coding()
    report = code_text(record.text).report
    return coding.coder.tellings(report, coding.engine.annotate(report.text))


def score(records: Sequence[Record], told: Sequence[Sequence[Telling]]) -> dict[str, Any]:
    """All figures as a flat dictionary; `chief` and `touching` hold accuracy and macro-F1."""
    gold = [r.type for r in records]
    chiefs = [chief(t) for t in told]
    guessed = {
        "chief": [typed(t) for t in chiefs],
        "touching": [typed(touching(r, t)) for r, t in zip(records, told, strict=True)],
    }
    figures: dict[str, Any] = {
        name: (sum(map(str.__eq__, gold, types)) / len(gold), macro_f1(gold, types)) for name, types in guessed.items()
    }
    figures["any"] = sum(g in {typed(t) for t in ts} for g, ts in zip(gold, told, strict=True)) / len(gold)
    parties: dict[str, Counts] = collections.defaultdict(Counts)
    for record, telling in zip(records, chiefs, strict=True):
        for role, counts in party_counts(record, telling.mention if telling else None).items():
            parties[role].add(counts.right, counts.gold, counts.guessed)
    figures["parties"] = dict(parties)
    figures["confusion"] = collections.Counter(zip(gold, guessed["chief"], strict=True))
    return figures


def run(args: argparse.Namespace) -> dict[str, Any]:
    records = load(args.data)
    figures = score(records, [tell(r) for r in records])
    show(
        f"types: {len(records)} records of PLOVER (best older dictionary coder: accuracy .50)",
        ("", "accuracy", "macro-F1"),
        [(name, *figures[name]) for name in ("chief", "touching")] + [("any", figures["any"], "")],
    )
    rows = [(role, c.precision, c.recall, c.f1, int(c.gold)) for role, c in figures["parties"].items()]
    show("types: parties of the chief mention", ("", "P", "R", "F1", "gold"), rows)
    wrong = [(g, c, n) for (g, c), n in figures["confusion"].most_common() if g != c]
    show("types: swapped most", ("gold", "coded", "n"), wrong[:20])
    return figures
