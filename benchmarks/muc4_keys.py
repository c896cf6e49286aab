"""MUC-4's own keys (25 slots a template) and the scores of single slots.

Credit follows MUC-4 (Chinchor 1992): recall is (correct + ½ partial) / possible, precision the same over actual.
Templates are aligned one to one within an incident type for the most credit; slots of templates without a partner are
missing or spurious. Fills marked ``?`` and templates marked OPTIONAL cost nothing if left out. Where MUC-4's scorer
asked a person about strings, the rule here is: the same wording is correct, one within the other is partial. A date
or location is partial where one lies within the other.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.muc4_scoring import assign
from benchmarks.scoring import Counts
from histor.engines.document.candidates import normal_form

SLOTS = {
    "incident_type": 4, "date": 2, "location": 3, "stage": 5, "Weapon": 6, "PerpInd": 9, "PerpOrg": 10,
    "PerpOrgConfidence": 11, "Target": 12, "Victim": 18, "VictimDescription": 19, "VictimNumber": 21,
    "VictimEffect": 23,
}  # fmt: skip
_STRINGS = frozenset({"Weapon", "PerpInd", "PerpOrg", "Target", "Victim", "VictimDescription"})
_REFERRING = frozenset({"PerpOrgConfidence", "VictimNumber", "VictimEffect"})
_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_LINE = re.compile(r"^(\d+)\.\s+[A-Z ]+:\s+[A-Z ]+?(?:\s{2,}|\t|\s+(?=[-*\"?]))(.*)$")


@dataclass(frozen=True)
class Fill:
    """One filler: its admissible values, the strings that it refers to, and whether it may be left out."""

    values: tuple[str, ...]
    about: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Key:
    """One template: fillers by slot name."""

    fills: dict[str, tuple[Fill, ...]]
    optional: bool = False


def read_keys(folder: Path) -> dict[str, list[Key]]:
    """Templates by message, from every ``key-*`` file; irrelevant messages have an empty list."""
    found: dict[str, list[Key]] = {}
    for path in sorted(folder.glob("key-*")):
        for lines in _blocks(path.read_text(encoding="latin-1")):
            name = lines[0][0].split()[0]
            keys = found.setdefault(name, [])
            if lines.get(4, ["*"])[0] not in {"*", "-"}:
                keys.append(_key(lines))
    return found


def _blocks(text: str) -> Iterator[dict[int, list[str]]]:
    """Raw fillers by slot number, a dictionary a template."""
    current: dict[int, list[str]] = {}
    number = -1
    for line in text.splitlines():
        if line.startswith(";") or not line.strip():
            continue
        match = _LINE.match(line)
        if match:
            number = int(match[1])
            if number == 0:
                if current:
                    yield current
                current = {}
            current[number] = [match[2].strip()]
        elif number >= 0 and line[0].isspace():
            current[number].append(line.strip())
    if current:
        yield current


def _key(lines: dict[int, list[str]]) -> Key:
    fills = {}
    for slot, number in SLOTS.items():
        raw = [r for r in lines.get(number, []) if r and r not in {"-", "*"}]
        if slot == "VictimDescription":
            # A description that refers to a name is that person's title; the others stand for people of their own.
            raw = [r for r in raw if not re.search(r'"\s*:', r)]
        fills[slot] = tuple(f for r in raw if (f := _fill(slot, r)))
    return Key(fills, "OPTIONAL" in lines.get(1, [""])[0])


def _fill(slot: str, raw: str) -> Fill | None:
    optional = raw.startswith("?")
    raw = raw.lstrip("? ")
    if slot in _STRINGS:
        values = tuple(v.replace('\\"', '"') for v in _QUOTED.findall(raw))
        return Fill(values, (), optional) if values else None
    about: tuple[str, ...] = ()
    if slot in _REFERRING and '"' in raw:
        head, _, rest = raw.partition(":")
        about = tuple(v.replace('\\"', '"') for v in _QUOTED.findall(rest))
        raw = head
    split = re.split(r"\s+/\s+(?![^(]*\))", raw)
    values = tuple(v.strip() for v in split if v.strip() and v.strip() not in {"-", "*"})
    return Fill(values, about, optional) if values else None


# --- credit ------------------------------------------------------------------------------------------------


def credit(slot: str, guess: Any, fill: Fill) -> float:
    """1 for correct, ½ for partial, 0 for wrong. `guess` is a value, for referring slots ``[value, wording]``."""
    if slot in _STRINGS:
        return max((_wording(w, v) for w in guess for v in fill.values), default=0.0)
    if slot in _REFERRING:
        about = not fill.about or any(_wording(guess[1], a) for a in fill.about)
        return float(about and str(guess[0]).upper() in fill.values)
    if slot == "date":
        return max(_date_credit(guess, v) for v in fill.values)
    if slot == "location":
        return max(_location_credit(guess, v) for v in fill.values)
    return float(str(guess).upper() in fill.values)


def _wording(guess: str, gold: str) -> float:
    a, b = normal_form(guess), normal_form(gold)
    if a == b:
        return 1.0
    return 0.5 if a and b and (f" {a} " in f" {b} " or f" {b} " in f" {a} ") else 0.0


def interval(text: str) -> tuple[datetime.date, datetime.date] | None:
    """``02 FEB 90``, ``17 FEB 90 - 18 FEB 90`` or ``- 04 FEB 90`` (on or before: two months back) as days."""
    days = [_day(m) for m in re.finditer(r"(\d{1,2}) ([A-Z]{3}) (\d\d)", text.upper())]
    known = [d for d in days if d]
    if not known:
        return None
    if text.strip().startswith("-"):
        return known[0] - datetime.timedelta(days=60), known[0]
    return known[0], known[-1]


def _day(match: re.Match[str]) -> datetime.date | None:
    try:
        return datetime.date(1900 + int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1]))
    except ValueError:
        return None


def _date_credit(guess: str, gold: str) -> float:
    if re.sub(r"\W+", " ", guess.upper()).split() == re.sub(r"\W+", " ", gold).split():
        return 1.0 if guess.strip().startswith("-") == gold.strip().startswith("-") else 0.5
    a, b = interval(guess), interval(gold)
    if a is None or b is None:
        return 0.0
    return 0.5 if (a[0] >= b[0] and a[1] <= b[1]) or (b[0] >= a[0] and b[1] <= a[1]) else 0.0


def places(text: str) -> list[str]:
    """Names of a location from the country down, without their types."""
    bare = re.sub(r"\([^)]*\)", "", text.upper())
    return [part.strip() for part in re.split(r":|\s-\s", bare) if part.strip()]


def _location_credit(guess: str, gold: str) -> float:
    a, b = places(guess), places(gold)
    if set(a) == set(b):
        return 1.0
    return 0.5 if a and b and a[0] == b[0] else 0.0


# --- scores ------------------------------------------------------------------------------------------------


def score_slots(keys: dict[str, list[Key]], predicted: dict[str, list[dict[str, Any]]]) -> dict[str, Counts]:
    """Credit, possible and actual fills by slot and in all."""
    result = {slot: Counts() for slot in (*SLOTS, "all")}
    for name, templates in predicted.items():
        golds = keys.get(name, [])
        credits = [[_credits(p, g) for g in golds] for p in templates]
        pairs = dict(assign(len(templates), len(golds), lambda p, g, c=credits: sum(c[p][g].values())))  # type: ignore[misc]
        aligned = {g: p for p, g in pairs.items()}
        for p, template in enumerate(templates):
            for slot in SLOTS:
                _add(
                    result,
                    slot,
                    credits[p][pairs[p]].get(slot, 0.0) if p in pairs else 0.0,
                    0,
                    len(guesses(template, slot)),
                )
        for g, gold in enumerate(golds):
            if gold.optional and g not in aligned:
                continue
            for slot in SLOTS:
                given = len(guesses(templates[aligned[g]], slot)) if g in aligned else 0
                needed = [f for f in gold.fills[slot] if not f.optional]
                _add(result, slot, 0.0, max(len(needed), min(given, len(gold.fills[slot]))), 0)
    return result


def _add(result: dict[str, Counts], slot: str, right: float, gold: float, guessed: float) -> None:
    for key in (slot, "all"):
        result[key].add(right, gold, guessed)


def guesses(template: dict[str, Any], slot: str) -> list[Any]:
    """The fillers that a predicted template gives a slot; null is none."""
    value = template.get(slot)
    if value is None or value == "":
        return []
    if isinstance(value, list):
        return value
    return [value]


def _credits(template: dict[str, Any], gold: Key) -> dict[str, float]:
    """Credit by slot if the template stands for the gold one; nothing if their types differ."""
    kinds = {v for f in gold.fills["incident_type"] for v in f.values}
    if template["incident_type"].upper() not in kinds:
        return {}
    found: dict[str, float] = {}
    for slot in SLOTS:
        given, fills = guesses(template, slot), gold.fills[slot]
        weights = [[credit(slot, g, f) for f in fills] for g in given]
        found[slot] = sum(weights[a][b] for a, b in assign(len(given), len(fills), lambda a, b, w=weights: w[a][b]))  # type: ignore[misc]
    return found
