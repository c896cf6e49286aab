"""``histor stance``: how each outlet speaks of whom."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from histor.cli.code import Tally
from histor.cli.files import writing
from histor.cli.inputs import HELP, Given, input_options
from histor.text.printable import printable

if TYPE_CHECKING:
    from histor.jobs.stance import OutletStance, Rate

FORMS = ("table", "json", "csv")


@click.command(name="stance", context_settings=HELP)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--format", "form", type=click.Choice(FORMS), default="table", show_default=True, help="Output format.")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write to this file instead of standard output.")
@click.option(
    "--most",
    type=click.IntRange(1),
    default=8,
    show_default=True,
    help="Terms, parties and speakers shown of an outlet.",
)
@input_options
def command(inputs: tuple[str, ...], form: str, output: str | None, most: int, given: Given) -> None:
    """Say how each outlet speaks: loaded words, whose tolls it relays, deeds without a doer.

    For each outlet of the reports: the loaded words that it uses in its own voice (outside quotation marks
    and reported speech) and for whom, with rates per 1,000 words and 95 % intervals; on whose word the
    tolls stand that it gives; how often an assault is told without its doer, by whose side the victims are.
    INPUT and the other options are those of `histor code`. A word counts as loaded by the lexicon alone;
    whether it is deserved is not asked.
    """
    from histor.capture.inputs import Problem, read_inputs
    from histor.cli.progress import progress
    from histor.coding.voices import ReportStance
    from histor.jobs.stance import by_outlet, observed

    coding = given.coding()
    found: list[ReportStance] = []
    tally = Tally()
    with progress() as bar:
        for result in observed(coding, read_inputs(inputs, given.options)):
            if isinstance(result, Problem):
                tally.aside += 1
                bar.message(f"set aside: {result}")
            else:
                tally.coded += 1
                found.append(result)
            bar.advance()
    outlets = by_outlet(found)
    text = {"table": _table, "json": _json, "csv": _csv}[form](outlets, most)
    with writing(output, lambda: tally.status != 2) as handle:
        handle.write(text.encode())
    if tally.aside:
        click.echo(f"histor: {tally.coded} read, {tally.aside} set aside.", err=True)
    sys.exit(tally.status)


def _json(outlets: Sequence[OutletStance], _: int) -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(list(outlets)), indent=1).decode() + "\n"


COLUMNS = ("outlet", "measure", "of", "about", "count", "size", "rate", "low", "high")


def _csv(outlets: Sequence[OutletStance], _: int) -> str:
    """One figure a row: outlet, measure, what it is of, about whom, count, out of how many, rate with interval."""
    from histor.export.cells import escape_formula

    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for outlet in outlets:
        for row in _rows(outlet):
            table.writerow([escape_formula(cell) if isinstance(cell, str) else cell for cell in (outlet.outlet, *row)])
    return out.getvalue()


def _rows(outlet: OutletStance) -> Iterator[tuple[object, ...]]:
    yield ("words", "own voice", "", outlet.own_words, outlet.words, "", "", "")
    for name, rate in (("against", outlet.loaded_against), ("for", outlet.loaded_for)):
        yield ("loaded words per 1000", name, "", *_cells(rate))
    for use in outlet.terms:
        yield ("loaded word", use.term, use.about, use.count, outlet.own_words, "", "", "")
    tolls = sum(outlet.tolls_by_speaker.values())
    for speaker, count in outlet.tolls_by_speaker.items():
        yield ("tolls on the word of", speaker, "", count, tolls, "", "", "")
    for side, rate in outlet.deeds_without_doer.items():
        yield ("deeds without a doer", side, "", *_cells(rate))


def _cells(rate: Rate) -> tuple[object, ...]:
    return rate.count, rate.size, rate.rate, rate.low, rate.high


def _table(outlets: Sequence[OutletStance], most: int) -> str:
    return "\n".join(line for outlet in outlets for line in _lines(outlet, most)) + "\n" if outlets else ""


def _lines(outlet: OutletStance, most: int) -> Iterator[str]:
    yield f"{printable(outlet.outlet)}: {outlet.reports} reports, {outlet.own_words} of {outlet.words} words in its own voice"
    for name, rate in (("that blame", outlet.loaded_against), ("that praise", outlet.loaded_for)):
        yield f"  loaded words {name}: {rate.count}, {rate.rate:.2f} per 1,000 ({rate.low:.2f} to {rate.high:.2f})"
    uses = [f"{u.term}{f' → {u.about}' if u.about else ''} {u.count}" for u in outlet.terms[:most]]
    yield from _listed("words", uses)
    yield from _listed("about", [f"{p} −{n['against']} +{n['for']}" for p, n in list(outlet.about.items())[:most]])
    yield from _listed("tolls on the word of", [f"{k} {n}" for k, n in list(outlet.tolls_by_speaker.items())[:most]])
    yield from _listed("speakers", [f"{k} {n}" for k, n in list(outlet.speakers.items())[:most]])
    for side, rate in outlet.deeds_without_doer.items():
        yield (
            f"  deeds to {side} told without a doer: {rate.count} of {rate.size}, "
            f"{rate.rate:.0%} ({rate.low:.0%} to {rate.high:.0%})"
        )
    yield ""


def _listed(name: str, parts: Sequence[str]) -> Iterator[str]:
    if parts:
        yield f"  {name}: " + printable("; ".join(parts))
