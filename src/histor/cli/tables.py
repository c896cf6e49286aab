"""Coded reports as a table that a person likes to read; colours only on a terminal."""

from __future__ import annotations

import io
import os
import sys
from typing import IO, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from histor.model.records import Actor, Attribution, Casualties, CodedReport, Date, EventMention, Place
from histor.text.printable import printable

WIDE = 120  # columns from which the table form is used

_STYLES = {
    "ASSAULT": "red", "COERCE": "magenta", "PROTEST": "yellow", "THREATEN": "dark_orange", "MOBILIZE": "cyan",
}  # fmt: skip


class Terminal(Console):
    """A console whose reader may go away, and which has room for whole words where it is a pipe or a file."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        if not self.is_terminal and "width" not in options:
            self.width = _width()

    def on_broken_pipe(self) -> None:
        """Leave it to the command, as for the other formats; rich would exit with status 1."""
        raise BrokenPipeError


class ReadableTable:
    """Prints each report with its event mentions as it comes."""

    def __init__(self, out: IO[bytes]) -> None:
        if out is sys.stdout.buffer:
            self.console = Terminal(highlight=False)
            self._detach = None
        else:
            self._detach = io.TextIOWrapper(out, encoding="utf-8", write_through=True)
            self.console = Terminal(file=self._detach, width=_width(), highlight=False, no_color=True)
        self.reports = self.mentions = 0

    def write(self, coded: CodedReport) -> None:
        self.reports += 1
        self.mentions += len(coded.event_mentions)
        report = coded.report
        first = next((line for line in report.text.split("\n") if line.strip()), "")
        title = report.title or (first[:90] + ("…" if len(first) > 90 else ""))
        head = Text()
        head.append(printable(" · ".join(x for x in (report.published or "undated", report.source) if x)), style="bold")
        head.append(f"  {printable(title)}")
        self.console.print(head)
        if not coded.event_mentions:
            self.console.print(Text("  no event mentions\n", style="dim"))
        elif self.console.width >= WIDE:
            self.console.print(_table(coded))
        else:
            self.console.print(_list(coded))
        if coded.relations:
            self.console.print(_relations(coded))

    def close(self) -> None:
        if self.reports > 1:
            self.console.print(Text(f"{self.reports} reports, {self.mentions} event mentions"))
        if self._detach is not None:
            self._detach.flush()
            self._detach.detach()


def _width() -> int:
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdecimal() and int(columns) > 0 else 140


def _list(coded: CodedReport) -> Text:
    """Three short lines an event mention, for windows too narrow for columns."""
    numbers = {m.id: k for k, m in enumerate(coded.event_mentions, 1)}
    text = Text()
    for mention in coded.event_mentions:
        event = _event(mention, numbers)
        event.plain = event.plain.replace("\n", " ")
        text.append_text(event)
        text.append("" if mention.factuality in {"actual", "claimed"} else f" [{mention.factuality}]", style="italic")
        who = ", ".join(_names(mention.actors).split("\n"))
        whom = ", ".join(_names(mention.recipients).split("\n"))
        text.append(f"\n   {who or '?'} → {whom or '?'}")
        facts = [_where(mention.place), _when(mention.date), ", ".join(_tolls(mention.casualties).split("\n"))]
        if any(facts):
            text.append("\n   " + " · ".join(f for f in facts if f))
        if mention.attribution:
            text.append(f"\n   on the word of {_word(mention.attribution)}", style="dim")
        text.append("\n")
    return text


def _relations(coded: CodedReport) -> Text:
    """One line a relation: who stands how to whom, and whether that is said to hold."""
    text = Text()
    for relation in coded.relations:
        sides = [printable(p.name or p.text) for p in (relation.subject, relation.object)]
        text.append(f"   {sides[0]} ")
        text.append(relation.type.replace("_", " "), style="blue")
        text.append(f" {sides[1]}")
        text.append("" if relation.factuality == "actual" else f" [{relation.factuality}]", style="italic")
        text.append("\n")
    return text


def _table(coded: CodedReport) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    for name, ratio in (
        ("event", 3), ("who", 3), ("to whom", 3), ("where", 2), ("when", 2), ("toll", 2), ("on whose word", 3), ("status", 1),
    ):  # fmt: skip
        table.add_column(name, ratio=ratio, overflow="fold")
    numbers = {m.id: k for k, m in enumerate(coded.event_mentions, 1)}
    for mention in coded.event_mentions:
        cells = (
            _names(mention.actors), _names(mention.recipients), _where(mention.place), _when(mention.date),
            _tolls(mention.casualties), _word(mention.attribution),
        )  # fmt: skip
        # Text, since rich reads markup and emoji codes in plain strings.
        table.add_row(
            _event(mention, numbers), *map(Text, cells),
            Text(mention.factuality, style="" if mention.factuality in {"actual", "claimed"} else "dim italic"),
        )  # fmt: skip
    return table


def _event(mention: EventMention, numbers: dict[str, int]) -> Text:
    text = Text(f"{numbers[mention.id]}. ")
    kind = mention.event_type + (f" {mention.mode}" if mention.mode else "")
    text.append(kind, style=_STYLES.get(mention.event_type, "green"))
    text.append(f"\n“{printable(mention.trigger.text)}”", style="dim")
    if mention.retells:
        text.append(f" = {numbers.get(mention.retells, '?')}", style="dim")
    return text


def _names(side: tuple[Actor, ...]) -> str:
    return "\n".join(printable(a.name or f"({a.text})") for a in side)


def _where(place: Place | None) -> str:
    return printable(place.name or place.text) if place else ""


def _when(when: Date | None) -> str:
    if when is None:
        return ""
    if when.earliest is None:
        return f"({printable(when.text or '')})"
    span = when.earliest if when.earliest == when.latest else f"{when.earliest} to {when.latest}"
    return f"by {when.latest}?" if when.source == "published" else span


def _tolls(tolls: tuple[Casualties, ...]) -> str:
    return "\n".join(f"{_figure(t)} {t.kind}" for t in tolls)


def _figure(toll: Casualties) -> str:
    if toll.low is not None and toll.low == toll.high:
        return ("~" if toll.wording == "about" else "") + str(toll.low)
    if toll.wording == "at_least":
        return f"≥{toll.low}"
    if toll.low is None and toll.high is not None:
        return f"≤{toll.high}"
    if toll.low is None:
        return "some"
    return f"{toll.low}–{toll.high if toll.high is not None else '?'}"


def _word(chain: tuple[Attribution, ...]) -> str:
    return printable(" ← ".join(f"{a.speaker} [{a.type}]" for a in chain))
