"""`gold`: reports coded by hand by two coders apart, every incident of each report.

The data lie in `shared/data/gold` (`dev_reports.jsonl`, `dev_gold.jsonl`); the coding manual is the
project's. Retellings inside a report are folded into one coded event. Gold and coded events are
aligned one to one, best score first: the coded trigger must lie in the gold quote (or overlap the
gold trigger), and trigger overlap, type, toll and place decide between several. `alt` is the second
coder's entry: for each field either value is right. `optional` entries (seen by one coder alone)
count neither way.

Field scores on aligned events: type, sub-event type, factuality, place (name), date (interval
overlap with both ends within a day, or both unstated), killed and injured (low, best and high as
stated; a field that both leave open is right), and for actors, recipients and attribution the F1 of
the names (1 where both sides are empty).
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.scoring import Counts, show
from histor.jobs.coding import code_text
from histor.model.records import CodedReport, EventMention

Span = tuple[int, int]
FIELDS = (
    "type",
    "sub-event",
    "factuality",
    "actors",
    "recipients",
    "place",
    "date",
    "killed",
    "injured",
    "attribution",
)
LEAST = 1.5  # alignment score under which two events are not the same


def fold(coded: CodedReport) -> list[list[EventMention]]:
    """Tellings of one event together, the first telling first."""
    groups: dict[str, list[EventMention]] = {}
    for mention in coded.event_mentions:
        groups.setdefault(mention.retells or mention.id, []).append(mention)
    return list(groups.values())


def _located(text: str, words: str | None, near: Span | None = None) -> Span | None:
    if not words:
        return None
    start, end = near or (0, len(text))
    at = text.find(words, start, end)
    at = at if at >= 0 else text.find(words)
    return (at, at + len(words)) if at >= 0 else None


def _touch(a: Span | None, b: Span) -> bool:
    return a is not None and a[0] < b[1] and a[1] > b[0]


_WORD = re.compile(r"\w+")
_SMALL = frozenset("the a an of in at on near from by to and group s village town city district province".split())


def words(name: str | None) -> frozenset[str]:
    """Content words of a name, accents and case off."""
    plain = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode().lower().replace("'", "")
    found = frozenset(_WORD.findall(plain))
    return (found - _SMALL) or found


def alike(a: str | None, b: str | None) -> bool:
    """Whether two names mean the same: equal content words, or one within the other."""
    x, y = words(a), words(b)
    if not x or not y:
        return False
    shared = len(x & y)
    return shared == min(len(x), len(y)) or shared / len(x | y) >= 0.5


def entries(event: dict[str, Any]) -> list[dict[str, Any]]:
    return [event, *([event["alt"]] if event.get("alt") else [])]


def pair_score(text: str, event: dict[str, Any], group: list[EventMention]) -> float:
    """How well a coded event fits a gold one; 0 if its words stand elsewhere."""
    best = 0.0
    for entry in entries(event):
        quote = _located(text, entry["quote"])
        trigger = _located(text, entry["trigger"], quote)
        for mention in group:
            inside, same = _touch(quote, mention.trigger.span), _touch(trigger, mention.trigger.span)
            if not inside and not same:
                continue
            score = 0.5 * inside + 1.0 * same + 1.0 * (mention.event_type == entry["event_type"])
            killed = _tolls(mention, "killed")
            if entry["killed"] and killed and entry["killed"]["best"] in {k[1] for k in killed}:
                score += 0.5
            if entry["place"] and mention.place and alike(entry["place"]["name"], mention.place.name):
                score += 0.25
            best = max(best, score)
    return best


def align(text: str, events: list[dict[str, Any]], groups: list[list[EventMention]]) -> list[tuple[int, int]]:
    """Pairs (gold, coded), best first, one to one; required gold events go before optional ones."""
    options = [
        (pair_score(text, event, group), not event.get("optional"), -g, -c)
        for g, event in enumerate(events)
        for c, group in enumerate(groups)
    ]
    pairs: list[tuple[int, int]] = []
    for score, _, g, c in sorted(options, reverse=True):
        if score >= LEAST and all(-g != x and -c != y for x, y in pairs):
            pairs.append((-g, -c))
    return pairs


def _tolls(mention: EventMention, kind: str) -> list[tuple[int | None, int | None, int | None]]:
    return [(c.low, c.best, c.high) for c in mention.casualties if c.kind == kind]


def toll_right(gold: dict[str, Any] | None, group: list[EventMention], kind: str) -> bool:
    stated = [t for m in group for t in _tolls(m, kind)]
    if gold is None:
        return not stated
    return (gold["low"], gold["best"], gold["high"]) in stated or (
        gold["best"] is not None and gold["best"] in {t[1] for t in stated}
    )


def names_f1(gold: list[str], coded: list[str]) -> float:
    if not gold and not coded:
        return 1.0
    right = sum(any(alike(g, c) for c in coded) for g in gold)
    back = sum(any(alike(g, c) for g in gold) for c in coded)
    return Counts((right + back) / 2, len(gold), len(coded)).f1 if gold and coded else 0.0


def date_right(gold: dict[str, Any] | None, group: list[EventMention]) -> bool:
    dates = [m.date for m in group if m.date is not None and m.date.source != "published"]
    if gold is None:
        return not dates
    for when in dates:
        if when.earliest is None or when.latest is None:
            continue
        first = abs((date.fromisoformat(when.earliest) - date.fromisoformat(gold["earliest"])).days)
        last = abs((date.fromisoformat(when.latest) - date.fromisoformat(gold["latest"])).days)
        if first <= 1 and last <= 1:
            return True
    return False


def _party_names(group: list[EventMention], role: str) -> list[list[str]]:
    return [[a.name or a.text for a in getattr(m, role)] for m in group]


def field_scores(event: dict[str, Any], group: list[EventMention], source: str | None) -> dict[str, float]:
    """For each field the best score over both coders' entries and all tellings."""
    found: dict[str, float] = dict.fromkeys(FIELDS, 0.0)
    main = group[0]
    for entry in entries(event):
        scores: dict[str, float] = {
            "type": any(m.event_type == entry["event_type"] for m in group[:1]),
            "sub-event": entry["acled_sub_event_type"] == (main.acled.sub_event_type if main.acled else None),
            "factuality": main.factuality == entry["factuality"],
            "date": date_right(entry["date"], group),
            "killed": toll_right(entry["killed"], group, "killed"),
            "injured": toll_right(entry["injured"], group, "injured"),
        }
        place = entry["place"]
        named = [m.place.name for m in group if m.place]
        scores["place"] = any(alike(place["name"], n) or alike(place["text"], n) for n in named) if place else not named
        for role in ("actors", "recipients"):
            gold = [p["name"] for p in entry[role]]
            texts = [p["text"] for p in entry[role]]
            scores[role] = max(
                max(names_f1(gold, names), names_f1(texts, names)) for names in _party_names(group, role)
            )
        outlet = source.lower() if source else None
        speakers = [[a.speaker for a in m.attribution if a.speaker.lower() != outlet] for m in group]
        scores["attribution"] = max(names_f1(entry["attribution"], s) for s in speakers)
        for name, value in scores.items():
            found[name] = max(found[name], float(value))
    return found


def score(
    reports: list[dict[str, Any]], gold: dict[str, dict[str, Any]], coded: dict[str, CodedReport]
) -> dict[str, Any]:
    events = Counts()
    main = Counts()
    fields: dict[str, list[float]] = {name: [] for name in FIELDS}
    for report in reports:
        wanted = gold[report["id"]]["events"]
        groups = fold(coded[report["id"]])
        text = coded[report["id"]].report.text
        pairs = align(text, wanted, groups)
        required = [g for g, e in enumerate(wanted) if not e.get("optional")]
        neutral = sum(bool(wanted[g].get("optional")) for g, _ in pairs)
        events.add(len(pairs) - neutral, len(required), len(groups) - neutral)
        chief = {g for g in required if wanted[g]["main"]}
        main.add(len(chief & {g for g, _ in pairs}), len(chief), 0)
        for g, c in pairs:
            if wanted[g].get("optional"):
                continue
            for name, value in field_scores(wanted[g], groups[c], report.get("source")).items():
                fields[name].append(value)
    means = {name: sum(v) / max(1, len(v)) for name, v in fields.items()}
    return {
        "events": events,
        "main recall": main.recall,
        "fields": means,
        "mean field": sum(means.values()) / len(means),
    }


def load(folder: Path, part: str) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    reports = [json.loads(x) for x in (folder / f"{part}_reports.jsonl").read_text(encoding="utf-8").splitlines() if x]
    gold = [json.loads(x) for x in (folder / f"{part}_gold.jsonl").read_text(encoding="utf-8").splitlines() if x]
    return reports, {g["id"]: g for g in gold}


def run(args: argparse.Namespace) -> dict[str, Any]:
    reports, gold = load(args.data, args.part or "dev")
    coded = {
        r["id"]: code_text(r["text"], source=r.get("source"), published=r.get("published"), title=r.get("title"))
        for r in reports
    }
    if args.predictions:
        import msgspec

        args.predictions.write_bytes(b"".join(msgspec.json.encode(c) + b"\n" for c in coded.values()))
    figures = score(reports, gold, coded)
    e = figures["events"]
    show(
        f"gold: {len(reports)} reports (between the coders: event F1 0.93, mean field 0.93)",
        ("", "P", "R", "F1", "gold", "coded"),
        [("events", e.precision, e.recall, e.f1, int(e.gold), int(e.guessed))],
    )
    rows = [(name, value) for name, value in figures["fields"].items()]
    show("gold: fields of aligned events", ("", "score"), [*rows, ("mean", figures["mean field"])])
    print(f"recall of the events that reports are chiefly about: {figures['main recall']:.3f}")
    return figures
