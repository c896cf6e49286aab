"""`casualties`: how many were killed and injured, on two sets that record it.

**gva** (`shared/data/gva/articles.jsonl`: press reports on shootings in the United States with the
figures that the Gun Violence Archive records for the incident; https://www.gunviolencearchive.org,
evaluation only). The recorded figures count everyone who was hit, the shooter included, and nobody
twice: who died is not among the injured. A report is coded with its headline as first line. Its
figures are those of its lead incident as `histor.coding.ledger` reckons them; nothing stated is 0. Figures:
exact match, match within 1, both over all articles with a record and a text. Beside them stand a regular expression
(`by_pattern`), zero for all, and how many articles have no digits or number word equal to the
recorded figure anywhere ("a", "an" and "another" count as 1; a recorded 0 needs no words), or
record a death and have no word of one.

**muc4** (`shared/data/muc4/raw`: newswire on Latin America, 1989 to 1991, and its 25-slot keys;
https://www-nlpir.nist.gov/related_projects/muc). Gold are the pairs of `HUM TGT: EFFECT OF
INCIDENT` (DEATH, INJURY) and `HUM TGT: NUMBER` of the same target, each target of a message once.
Guesses are the tolls of killed and injured of coded events, each kind and number of an event once,
retellings folded, events that are planned, feared or denied left out. Within a message pairs are
matched one to one where effect and number agree: ``6`` asks for a best value of 6, ``~6`` too,
``6-`` for a low end, ``-6`` for a high end, ``6-8`` for both, PLURAL for a number that is more than
one and vague; ``/`` separates alternatives. Optional fills and templates ("?") that are not met
cost nothing, and a guess equal to the sum of a template's numbers of its kind, or to its `TOTAL
NUMBER`, counts neither way. Messages without a template are left out of recall and, as what they
tell is no incident by the rules of the task, of precision too; the last row puts them in.

A sample, spread evenly over the set, is scored unless `--part` says ``all``; ``gva`` or ``muc4`` in
it picks a set where the folder holds both (``muc4-all``).
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from benchmarks.scoring import Counts, show
from histor.coding.ledger import lead_incident, toll_of
from histor.jobs.coding import code_text
from histor.model.records import CodedReport
from histor.resolve.quantities import parse_number

SAMPLE = {"gva": 500, "muc4": 150}
KINDS = ("killed", "injured")
TOLD = frozenset({"actual", "claimed", "historical"})
Figures = dict[str, int]
T = TypeVar("T")


# --- gva: the recorded figures of one incident -----------------------------------------------------


def text_of(article: dict[str, Any]) -> str:
    """The report as a reader has it: headline, blank line, body."""
    title, body = (article.get("title") or "").strip(), (article.get("content") or "").strip()
    if not title or " ".join(body.split()).lower().startswith(" ".join(title.split()).lower()):
        return body or title
    return f"{title}\n\n{body}" if body else title


def figures_of(coded: CodedReport) -> Figures:
    """Killed and injured in the report's lead incident, as `histor.coding.ledger` reckons them; unsaid is 0."""
    lead = lead_incident(coded)
    tolls = {kind: toll_of(coded, lead, kind) if lead else None for kind in KINDS}
    return {kind: toll.figure if toll else 0 for kind, toll in tolls.items()}


_NUMBER = r"(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen)"
_PEOPLE = r"(?:\s(?:other|more|men|women|people|persons|children|victims?|man|woman|others|teens?|boys?|girls?|officers?)){0,3}"
_BE = r"(?:(?:is|are|was|were|(?:have|has|had)\sbeen)\s)?"
_KILLED = (
    re.compile(rf"\b{_NUMBER}{_PEOPLE}\s{_BE}(?:dead|killed|died|slain|murdered|deaths|fatally|shot\sdead)\b", re.I),
    re.compile(rf"\b(?:kill(?:ed|ing|s)|leaving|left)\s(?:at\sleast\s)?{_NUMBER}\b(?!-year)", re.I),
)
_INJURED = (
    re.compile(rf"\b{_NUMBER}{_PEOPLE}\s{_BE}(?:wounded|injured|hurt|hospitali[sz]ed)\b", re.I),
    re.compile(rf"\b(?:wound(?:ed|ing|s)|injur(?:ed|ing|es))\s(?:at\sleast\s)?{_NUMBER}\b(?!-year)", re.I),
)
_SHOT = (re.compile(rf"\b{_NUMBER}{_PEOPLE}\s{_BE}shot\b", re.I),)
_DEATH = re.compile(r"\b(?:kill(?:ed|ing|s)?|dead|died|dies|fatal(?:ly)?|murder(?:ed)?|homicide|slain|death)\b", re.I)
_WOUND = re.compile(r"\b(?:wound(?:ed|ing|s)?|injur(?:ed|ing|ies|y)|hurt|hospital(?:ized)?|stable|critical)\b", re.I)


def by_pattern(text: str) -> Figures:
    """The baseline: the first number beside a word of death or injury, one where there is a word alone.

    Of so many *shot* those are injured who are not dead.
    """
    killed = _first(text, _KILLED)
    if killed is None:
        killed = int(bool(_DEATH.search(text)))
    injured = _first(text, _INJURED)
    if injured is None:
        shot = _first(text, _SHOT)
        injured = max(0, shot - killed) if shot is not None else int(not killed and bool(_WOUND.search(text)))
    return {"killed": killed, "injured": injured}


def _first(text: str, patterns: Iterable[re.Pattern[str]]) -> int | None:
    hits = sorted((m.start(), parse_number(m["n"]) or 0) for p in patterns for m in p.finditer(text))
    return hits[0][1] if hits else None


_WORDS = re.compile(r"\b(?:\d+(?:,\d{3})*|[a-z]+(?:-[a-z]+)?)(?!\w)", re.IGNORECASE)


def states(text: str, figure: int, kind: str = "") -> bool:
    """Whether digits or a number word equal to `figure` stand in the text and, for the killed, a word of death."""
    if kind == "killed" and figure and not _DEATH.search(text):
        return False
    words = {w.lower() for w in _WORDS.findall(text)}
    if figure == 0 or (figure == 1 and words & {"a", "an", "another"}):
        return True
    return any(parse_number(w) == figure for w in words)


def score_gva(rows: Sequence[tuple[Figures, Figures]]) -> dict[str, tuple[float, float]]:
    """For each kind the share of exact matches and of those within 1, from pairs (gold, guess)."""
    count = max(1, len(rows))
    return {
        kind: (
            sum(gold[kind] == guess[kind] for gold, guess in rows) / count,
            sum(abs(gold[kind] - guess[kind]) <= 1 for gold, guess in rows) / count,
        )
        for kind in KINDS
    }


def gold_of(article: dict[str, Any]) -> Figures:
    return {kind: int(article["gold"][f"n_{kind}"]) for kind in KINDS}


def run_gva(path: Path, full: bool) -> dict[str, Any]:
    lines = path.read_text(encoding="utf-8").splitlines()
    articles = [a for line in lines if line and (a := json.loads(line)).get("gold") and text_of(a)]
    chosen = articles if full else spread(articles, SAMPLE["gva"])
    gold = [gold_of(a) for a in chosen]
    texts = [text_of(a) for a in chosen]
    coded = [code_text(t, published=a.get("dct") or None) for t, a in zip(texts, chosen, strict=True)]
    figures: dict[str, Any] = {
        "histor": score_gva(list(zip(gold, map(figures_of, coded), strict=True))),
        "pattern": score_gva(list(zip(gold, map(by_pattern, texts), strict=True))),
        "zero": score_gva([(g, dict.fromkeys(KINDS, 0)) for g in gold]),
    }
    silent = {k: sum(not states(t, g[k], k) for t, g in zip(texts, gold, strict=True)) for k in KINDS}
    stated = [
        (g, figures_of(c)) for g, c, t in zip(gold, coded, texts, strict=True) if all(states(t, g[k], k) for k in KINDS)
    ]
    figures["histor, where both figures are stated"] = score_gva(stated)
    show(
        f"casualties: gva, {len(chosen)} of {len(articles)} articles (a pattern, elsewhere: killed .74, injured .47)",
        ("", "killed exact", "within 1", "injured exact", "within 1"),
        [(name, *f["killed"], *f["injured"]) for name, f in figures.items()],
    )
    print(
        f"no number equal to the recorded figure in the text, or a recorded death and no word of one: killed {silent['killed']}, injured {silent['injured']} "
        f"of {len(chosen)} articles; both stated in {len(stated)}"
    )
    figures["predictions"] = [
        {"id": a["id"], "gold": g, "guess": figures_of(c)} for a, g, c in zip(chosen, gold, coded, strict=True)
    ]
    return figures


# --- muc4: number and effect of human targets ------------------------------------------------------


@dataclass(frozen=True)
class Number:
    """A fill of a number slot as an interval; `plural` asks for more than one, unsaid how many."""

    low: int | None = None
    best: int | None = None
    high: int | None = None
    plural: bool = False

    def agrees(self, toll: Number) -> bool:
        """Whether a coded interval says what the key says."""
        if self.plural:
            return toll.best is None and (toll.low or 2) > 1
        if self.best is not None:
            return toll.best == self.best
        return (self.low is None or toll.low == self.low) and (self.high is None or toll.high == self.high)


@dataclass(frozen=True)
class Target:
    """People who died or were hurt in an incident: kind, number with its alternatives, their names."""

    kind: str
    numbers: tuple[Number, ...]
    names: frozenset[str]
    optional: bool = False


@dataclass
class Message:
    """Gold of one message: its targets once each, and sums that no toll is blamed for."""

    id: str
    relevant: bool
    targets: list[Target]
    sums: set[tuple[str, int]]


_EFFECTS = {"DEATH": "killed", "INJURY": "injured"}
_SLOT = re.compile(r"^\s*\d+\.\s+([A-Z ]+:[A-Z ]+?)(?:\s{2,}(.*))?$")
_NAME = re.compile(r'"([^"]*)"')


def read_keys(text: str) -> list[Message]:
    """Messages of a key file in order; templates of one message together."""
    messages: dict[str, Message] = {}
    for template in _templates(text):
        name = template["MESSAGE: ID"][0].split()[0]
        message = messages.setdefault(name, Message(name, False, [], set()))
        number = (template.get("MESSAGE: TEMPLATE") or ["*"])[0]
        if number.startswith("*"):
            continue
        message.relevant = True
        targets = _targets(template, "OPTIONAL" in number)
        message.targets.extend(t for t in targets if not any(_same(t, other) for other in message.targets))
        message.sums |= _sums(template, targets)
    return list(messages.values())


def _templates(text: str) -> Iterable[dict[str, list[str]]]:
    """Templates as slot to fills, one a line; comments (``;;;``) left out."""
    template: dict[str, list[str]] = {}
    slot = ""
    for line in text.splitlines():
        if line.lstrip().startswith(";"):
            continue
        match = _SLOT.match(line)
        if match:
            slot = match[1].strip()
            if slot == "MESSAGE: ID" and template:
                yield template
                template = {}
            template[slot] = [match[2].strip()] if match[2] and match[2].strip() else []
        elif line.strip() and slot:
            template[slot].append(line.strip())
    if template:
        yield template


def _fills(template: dict[str, list[str]], slot: str) -> list[tuple[list[str], frozenset[str], bool]]:
    """Fills of a slot with a reference: alternatives, names referred to, whether it is optional."""
    found = []
    for line in template.get(slot, []):
        if line in {"-", "*"}:
            continue
        head, _, rest = line.partition(': "')
        optional = head.startswith("?")
        values = [v.strip() for v in head.lstrip("? ").strip("()").split("/")]
        names = frozenset(_NAME.findall(f'"{rest}' if rest else ""))
        found.append((values, names, optional))
    return found


def _targets(template: dict[str, list[str]], optional: bool) -> list[Target]:
    """Targets that died or were hurt, with their numbers."""
    numbers = _fills(template, "HUM TGT: NUMBER")
    found = []
    for effects, names, unsure in _fills(template, "HUM TGT: EFFECT OF INCIDENT"):
        kinds = {_EFFECTS[e] for e in effects if e in _EFFECTS}
        for kind in sorted(kinds):
            for values, owners, vague in numbers:
                parsed = tuple(n for v in values if (n := parse_fill(v)) is not None)
                if owners & names and parsed:
                    doubtful = optional or unsure or vague or len(effects) > 1
                    found.append(Target(kind, parsed, names | owners, doubtful))
    return found


def parse_fill(words: str) -> Number | None:
    """A number slot's fill: ``6``, ``~6``, ``6-``, ``-6``, ``6-8``, ``PLURAL``."""
    words = words.replace(" ", "").replace(",", "")
    if words == "PLURAL":
        return Number(plural=True)
    match = re.fullmatch(r"~?(\d+)?(-)?(\d+)?", words)
    if not match or not (match[1] or match[3]):
        return None
    low, high = (int(d) if d else None for d in (match[1], match[3]))
    return Number(low, None, high) if match[2] else Number(low, low, low)


def _same(a: Target, b: Target) -> bool:
    return a.kind == b.kind and a.numbers == b.numbers and bool(a.names & b.names)


def _sums(template: dict[str, list[str]], targets: list[Target]) -> set[tuple[str, int]]:
    """Totals that the template states or implies for each kind."""
    found: set[tuple[str, int]] = set()
    stated = [n for line in template.get("HUM TGT: TOTAL NUMBER", []) if (n := parse_fill(line.split(":")[0]))]
    for kind in KINDS:
        parts = [t.numbers[0].best for t in targets if t.kind == kind]
        if len(parts) > 1:
            found.add((kind, sum(p for p in parts if p is not None)))
        found |= {(kind, n.low) for n in stated if n.low is not None and parts}
    return found


def read_texts(text: str) -> dict[str, str]:
    """Messages of a text file by id, without the line that names them; lines of a paragraph are joined."""
    parts = re.split(r"^((?:DEV|TST\d)-MUC\d-\d{4})\b.*$", text, flags=re.MULTILINE)
    found = {}
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        paragraphs = re.split(r"\n\s*\n", body.strip())
        found[name] = "\n\n".join(" ".join(p.split()) for p in paragraphs)
    return found


def tolls_of(coded: CodedReport) -> list[tuple[str, Number]]:
    """Kind and number of each coded event's tolls, each once an event, retellings folded."""
    found: list[tuple[str, str, Number]] = []
    for mention in coded.event_mentions:
        if mention.factuality not in TOLD:
            continue
        for c in mention.casualties:
            if c.kind in KINDS and c.high != 0:
                found.append((mention.retells or mention.id, c.kind, Number(c.low, c.best, c.high)))
    return [(kind, number) for _, kind, number in dict.fromkeys(found)]


def match(message: Message, tolls: Sequence[tuple[str, Number]]) -> dict[str, Counts]:
    """Counts by kind for one message; see the module's text for what counts neither way."""
    counts = {kind: Counts() for kind in KINDS}
    free = list(tolls)
    # Required targets choose first, and exact numbers before vague ones.
    for target in sorted(message.targets, key=lambda t: (t.optional, t.numbers[0].plural)):
        hit = next((t for t in free if t[0] == target.kind and any(n.agrees(t[1]) for n in target.numbers)), None)
        if hit is not None:
            free.remove(hit)
            counts[target.kind].add(1, 1, 1)
        elif not target.optional:
            counts[target.kind].add(0, 1, 0)
    for kind, number in free:
        if number.best is None or (kind, number.best) not in message.sums:
            counts[kind].guessed += 1
    return counts


def score_muc4(messages: Sequence[Message], tolls: dict[str, list[tuple[str, Number]]]) -> dict[str, Counts]:
    """Counts by kind and over both, on messages with a template; ``all messages`` on every one."""
    total = {name: Counts() for name in (*KINDS, "both", "all messages")}
    for message in messages:
        for kind, c in match(message, tolls[message.id]).items():
            for name in (kind, "both", "all messages") if message.relevant else ("all messages",):
                total[name].add(c.right, c.gold, c.guessed)
    return total


def run_muc4(folder: Path, full: bool) -> dict[str, Any]:
    texts: dict[str, str] = {}
    messages: list[Message] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("key"):
            messages.extend(read_keys(path.read_text(encoding="latin-1")))
        elif path.is_file():
            texts.update(read_texts(path.read_text(encoding="latin-1")))
    known = [m for m in messages if m.id in texts]
    chosen = known if full else spread(known, SAMPLE["muc4"])
    tolls = {m.id: tolls_of(code_text(texts[m.id])) for m in chosen}
    figures: dict[str, Any] = dict(score_muc4(chosen, tolls))
    relevant = sum(m.relevant for m in chosen)
    show(
        f"casualties: muc4 number and effect, {len(chosen)} of {len(known)} messages, {relevant} with a template",
        ("", "P", "R", "F1", "gold", "guessed"),
        [(n, c.precision, c.recall, c.f1, int(c.gold), int(c.guessed)) for n, c in figures.items()],
    )
    figures["predictions"] = [
        {
            "id": m.id,
            "tolls": [{"kind": k, "low": n.low, "best": n.best, "high": n.high} for k, n in tolls[m.id]],
        }
        for m in chosen
    ]
    return figures


# --- both ------------------------------------------------------------------------------------------


def spread(items: Sequence[T], size: int) -> list[T]:
    """At most `size` items at even distances."""
    if len(items) <= size:
        return list(items)
    return [items[i * len(items) // size] for i in range(size)]


def sources(data: Path) -> dict[str, Path]:
    """Which of the two sets lie at `data`: the articles' file, the folder of keys, or a folder above."""
    if data.is_file():
        return {"gva": data}
    found = {}
    for path in (data / "articles.jsonl", data / "gva/articles.jsonl"):
        if path.is_file():
            found["gva"] = path
    for path in (data, data / "raw", data / "muc4/raw"):
        if path.is_dir() and any(path.glob("key*")):
            found["muc4"] = path
    return found


def run(args: argparse.Namespace) -> dict[str, Any]:
    wanted = set((args.part or "").split("-"))
    found = sources(args.data)
    names = [n for n in ("gva", "muc4") if n in found and (n in wanted or not wanted & {"gva", "muc4"})]
    if not names:
        raise SystemExit(f"{args.data}: neither gva's articles.jsonl nor muc4's keys are there")
    figures: dict[str, Any] = {}
    for name in names:
        figures[name] = (run_gva if name == "gva" else run_muc4)(found[name], "all" in wanted)
    if args.predictions:
        rows = [msgspec.json.encode({"set": n, **row}) + b"\n" for n in names for row in figures[n].pop("predictions")]
        args.predictions.write_bytes(b"".join(rows))
    return figures
