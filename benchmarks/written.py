"""`written`: annotated press English that the project wrote (training/data/written).

Prediction is `histor`'s own coding of each text. Gold events and coded event mentions are aligned
one to one by overlap of triggers; a coded mention that overlaps a further trigger of an event that
is aligned already (a retelling) counts neither way. Figures:

- trigger P, R, F1 over aligned events;
- reliability of `confidence` (a coding is right if it is aligned and has the type of its event) and the expected
  calibration error;
- the yardstick: a list of 80 keywords (`benchmarks/keywords.toml`) on the sub-event type of a text's events,
  as weighted F1, and histor beside it;
- on aligned events the accuracy of type, sub-event type (ACLED, null included), mode, factuality,
  with macro-F1;
- role spans P, R, F1 on aligned events: a coded span is right if it shares at least half of the
  words of the longer one with a gold span of the same role (`exact` asks for the same words).
"""

from __future__ import annotations

import argparse
import collections
import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.scoring import Counts, macro_f1, overlap, show, weighted_f1
from histor.jobs.coding import code_text
from histor.model.records import Actor, CodedReport, Relation

ROLES = ("actor", "recipient", "place", "date", "weapon", "killed", "injured", "captured", "speaker")
Span = tuple[int, int]


def predict(items: list[dict[str, Any]]) -> dict[str, CodedReport]:
    return {item["id"]: code_text(item["text"]) for item in items}


def align(gold: list[dict[str, Any]], coded: CodedReport) -> tuple[list[tuple[int, int]], set[int]]:
    """Pairs (gold event, coded mention) and the coded mentions that retell an aligned event."""
    options = []
    for g, event in enumerate(gold):
        for m, mention in enumerate(coded.event_mentions):
            shared = max(overlap((a, b), mention.trigger.span) for a, b in event["trigger"])
            if shared:
                same = mention.event_type == event["event_type"]
                options.append((same, shared, -g, -m))
    pairs: list[tuple[int, int]] = []
    extra: set[int] = set()
    for _, _, g, m in sorted(options, reverse=True):
        if any(m == -y for _, y in pairs):
            continue
        if any(-g == x for x, _ in pairs):
            extra.add(-m)
            continue
        pairs.append((-g, -m))
        extra.discard(-m)
    pairs = [(g, m) for g, m in pairs]
    return pairs, extra - {m for _, m in pairs}


def spans_of(mention: Any, role: str) -> list[Span]:
    if role == "actor":
        return [a.span for a in mention.actors]
    if role == "recipient":
        return [a.span for a in mention.recipients]
    if role in {"place", "date"}:
        value = getattr(mention, role)
        return [value.span] if value is not None and value.span else []
    if role == "weapon":
        return [w.span for w in mention.weapons]
    if role == "speaker":
        return [a.span for a in mention.attribution if a.span]
    return [c.span for c in mention.casualties if c.kind == role]


def words(text: str, span: Span) -> set[int]:
    return {m.start() for m in re.finditer(r"\w+", text) if m.start() < span[1] and m.end() > span[0]}


_SKIP = re.compile(r"\b(?:the|a|an|in|on|at|near|of|by|to|from)\b", re.IGNORECASE)


def content(text: str, span: Span) -> set[int]:
    """Starts of the span's words, small words left out unless there is nothing else."""
    small = {m.start() for m in _SKIP.finditer(text, span[0], span[1])}
    found = words(text, span)
    return (found - small) or found


def role_counts(text: str, gold: list[Span], coded: list[Span], number: bool) -> tuple[Counts, Counts]:
    """Half-overlap and exact counts of one role of one event."""
    half, exact = Counts(0, len(gold), len(coded)), Counts(0, len(gold), len(coded))
    free = list(coded)
    for span in gold:
        g = content(text, span)
        best = None
        for other in free:
            c = content(text, other)
            # A toll's record spans "12 people" where the guide marks the number alone.
            share = len(g & c) / (len(g) if number else max(len(g), len(c)))
            if share >= 0.5 and (best is None or share > best[0]):
                best = (share, other, g == c)
        if best is not None:
            free.remove(best[1])
            half.right += 1
            exact.right += best[2]
    return half, exact


def relation_matches(gold: list[tuple[str, str, str]], coded: Sequence[Relation]) -> list[tuple[int, int]]:
    """Pairs (gold, coded) of relations that are the same, each used once.

    The type must be the same and each side share half of its words with the gold's words (its text or its
    name); for the symmetric types either order counts.
    """
    pairs: list[tuple[int, int]] = []
    for g, (type_, subject, object_) in enumerate(gold):
        for k, relation in enumerate(coded):
            if relation.type != type_ or any(k == x for _, x in pairs):
                continue
            straight = _alike(subject, relation.subject) and _alike(object_, relation.object)
            turned = type_ in SYMMETRIC and _alike(subject, relation.object) and _alike(object_, relation.subject)
            if straight or turned:
                pairs.append((g, k))
                break
    return pairs


SYMMETRIC = frozenset({"allied_with", "fights"})
_SMALL = frozenset("the a an of in by to and its his their".split())


def _alike(gold: str, party: Actor) -> bool:
    return any(_share(gold, form) >= 0.5 for form in (party.text, party.name) if form)


def _share(a: str, b: str) -> float:
    one, other = (set(re.findall(r"\w+", x.lower())) - _SMALL or set(re.findall(r"\w+", x.lower())) for x in (a, b))
    return len(one & other) / max(len(one), len(other), 1)


def relation_counts(items: list[dict[str, Any]], coded: dict[str, CodedReport]) -> dict[str, Counts]:
    """Counts by type and of ``all`` over the items that are annotated with relations."""
    counts: dict[str, Counts] = collections.defaultdict(Counts)
    for item in items:
        if "relations" not in item:
            continue
        gold, found = item["relations"], coded[item["id"]].relations
        for g, _ in relation_matches(gold, found):
            for name in (gold[g][0], "all"):
                counts[name].right += 1
        for types, key in (([t for t, _, _ in gold], "gold"), ([r.type for r in found], "guessed")):
            for type_ in types:
                for name in (type_, "all"):
                    setattr(counts[name], key, getattr(counts[name], key) + 1)
    return counts


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error: the mean gap of confidence and share right over equal bins (Naeini et al. 2015)."""
    total = 0.0
    for _, mean, share, n in reliability(confidences, right, bins):
        total += n * abs(mean - share)
    return total / max(1, len(confidences))


def reliability(
    confidences: Sequence[float], right: Sequence[bool], bins: int = 10
) -> list[tuple[str, float, float, int]]:
    """For each bin that holds any: its limits, mean confidence, share right, number."""
    rows = []
    for k in range(bins):
        inside = [(c, ok) for c, ok in zip(confidences, right, strict=True) if min(int(c * bins), bins - 1) == k]
        if inside:
            n = len(inside)
            limits = f"{k / bins:.1f} to {(k + 1) / bins:.1f}"
            rows.append((limits, sum(c for c, _ in inside) / n, sum(ok for _, ok in inside) / n, n))
    return rows


def score(items: list[dict[str, Any]], coded: dict[str, CodedReport]) -> dict[str, Any]:
    """All figures as a flat dictionary."""
    trigger = Counts()
    half: dict[str, Counts] = collections.defaultdict(Counts)
    exact: dict[str, Counts] = collections.defaultdict(Counts)
    gold_values: dict[str, list[str]] = collections.defaultdict(list)
    coded_values: dict[str, list[str]] = collections.defaultdict(list)
    sure: list[tuple[float, bool]] = []
    for item in items:
        result = coded[item["id"]]
        gold = item["events"]
        pairs, extra = align(gold, result)
        same = {m for g, m in pairs if gold[g]["event_type"] == result.event_mentions[m].event_type}
        sure += [(x.confidence, m in same) for m, x in enumerate(result.event_mentions) if m not in extra]
        trigger.add(len(pairs), len(gold), len(result.event_mentions) - len(extra))
        for g, m in pairs:
            event, mention = gold[g], result.event_mentions[m]
            values = {
                "type": (event["event_type"], mention.event_type),
                "sub-event": (
                    event["acled_sub_event_type"] or "-",
                    mention.acled.sub_event_type if mention.acled else "-",
                ),
                "mode": (event["mode"] or "-", mention.mode or "-"),
                "factuality": (event["factuality"], mention.factuality),
            }
            for name, (a, b) in values.items():
                gold_values[name].append(a)
                coded_values[name].append(b)
            for role in ROLES:
                spans = [(a, b) for a, b in event.get(role, [])]
                number = role in {"killed", "injured", "captured"}
                h, e = role_counts(item["text"], spans, spans_of(mention, role), number)
                for table, counts in ((half, h), (exact, e)):
                    table[role].add(counts.right, counts.gold, counts.guessed)
                    table["all"].add(counts.right, counts.gold, counts.guessed)
    figures: dict[str, Any] = {"trigger": trigger, "half": dict(half), "exact": dict(exact)}
    figures["sure"] = ([c for c, _ in sure], [ok for _, ok in sure])
    for name, gold_labels in gold_values.items():
        right = sum(a == b for a, b in zip(gold_labels, coded_values[name], strict=True))
        figures[name] = (right / len(gold_labels), macro_f1(gold_labels, coded_values[name]), len(gold_labels))
    return figures


def by_keywords(text: str, lists: dict[str, list[str]]) -> str:
    """The sub-event type whose keywords the text holds most of; "-" where it holds none."""
    lower = text.lower()
    hits = {sub: sum(len(re.findall(rf"\b{re.escape(word)}", lower)) for word in words) for sub, words in lists.items()}
    best = max(hits, key=lambda sub: hits[sub])
    return best if hits[best] else "-"


def by_histor(coded: CodedReport) -> str:
    """The sub-event type of the surest mention that has one."""
    typed = [m for m in coded.event_mentions if m.acled]
    best = max(typed, key=lambda m: m.confidence, default=None)
    return best.acled.sub_event_type if best is not None and best.acled else "-"


def yardstick(items: list[dict[str, Any]], coded: dict[str, CodedReport]) -> dict[str, tuple[float, float]]:
    """Accuracy and weighted F1 of keywords and of histor on texts with one sub-event type."""
    table = tomllib.loads((Path(__file__).parent / "keywords.toml").read_text(encoding="utf-8"))
    lists = {sub: [w.strip() for w in words.split(",")] for sub, words in table.items()}
    gold, ours, theirs = [], [], []
    for item in items:
        subs = {e["acled_sub_event_type"] for e in item["events"] if e["acled_sub_event_type"]}
        if len(subs) == 1:
            gold.append(subs.pop())
            ours.append(by_histor(coded[item["id"]]))
            theirs.append(by_keywords(item["text"], lists))
    return {
        name: (sum(map(str.__eq__, gold, guessed)) / max(1, len(gold)), weighted_f1(gold, guessed))
        for name, guessed in (("80 keywords", theirs), ("histor", ours))
    }


def run(args: argparse.Namespace) -> dict[str, Any]:
    path = args.data / f"{args.part or 'dev'}.jsonl" if args.data.is_dir() else args.data
    items = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line]
    coded = predict(items)
    figures = score(items, coded)
    t = figures["trigger"]
    show("written: triggers", ("", "P", "R", "F1", "gold"), [("triggers", t.precision, t.recall, t.f1, int(t.gold))])
    show(
        "written: attributes of aligned events",
        ("", "accuracy", "macro-F1", "n"),
        [(n, *figures[n]) for n in ("type", "sub-event", "mode", "factuality")],
    )
    rows = []
    for role in (*ROLES, "all"):
        h, e = figures["half"][role], figures["exact"][role]
        rows.append((role, h.precision, h.recall, h.f1, e.f1, int(h.gold)))
    show("written: role spans of aligned events", ("", "P", "R", "F1", "exact F1", "gold"), rows)
    figures["relations"] = relation_counts(items, coded)
    rows = [
        (name, c.precision, c.recall, c.f1, int(c.gold), int(c.guessed))
        for name, c in sorted(figures["relations"].items(), key=lambda e: (e[0] == "all", e[0]))
    ]
    show("written: relations of mini-reports", ("", "P", "R", "F1", "gold", "coded"), rows)
    show("written: confidence", ("", "mean", "share right", "n"), reliability(*figures["sure"]))
    print(f"expected calibration error: {calibration_error(*figures['sure']):.3f}")
    lists = [(name, *values) for name, values in yardstick(items, coded).items()]
    show("written: sub-event type of texts with one", ("", "accuracy", "weighted F1"), lists)
    return figures
