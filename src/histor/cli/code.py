"""``histor code``: reports in, event mentions out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from histor.cli.inputs import GATE, HELP, WORKERS, Given, input_options, kept_out
from histor.cli.shards import OverShards, code_shards, shard_options

if TYPE_CHECKING:
    from histor.jobs.coding import Coding
    from histor.jobs.parallel import ParallelCoding

FORMATS = ("jsonl", "json", "table", "csv")


@dataclass
class Tally:
    """What became of the reports, and the exit status that follows."""

    coded: int = 0
    aside: int = 0
    out: int = 0
    stopped: bool = False

    @property
    def status(self) -> int:
        if not self.aside and not self.stopped:
            return 0
        return 1 if self.coded or self.out else 2


@click.command(name="code", context_settings=HELP)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="Output format [default: table on a terminal, else jsonl]."
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write to this file instead of standard output.")
@WORKERS
@shard_options
@GATE
@input_options
def command(
    inputs: tuple[str, ...],
    form: str | None,
    output: str | None,
    workers: int,
    over: OverShards | None,
    gate: bool,
    given: Given,
) -> None:
    """Code reports into event mentions with their claims.

    INPUT is a .txt, .md, .html, .jsonl, .csv, .warc, .warc.gz or .wacz file, a folder, - for standard input, or, with
    --fetch, a web address. JSONL and CSV take id, title, text, published, source and url; all but text may be
    missing. With --gate reports without the words of an event of interest are counted and left out. With --out the work
    is cut into shards that are coded into a folder, and a run that broke off is taken up by the same command. Exit
    status: 0 all well, 1 something was set aside, 2 nothing could be done.
    """
    if over is not None:
        sys.exit(code_shards(inputs, form or _form_of(output), output, workers, over, given, gate))
    from histor.capture.inputs import Problem, read_inputs
    from histor.cli.progress import progress
    from histor.model.errors import StopError
    from histor.model.records import CodedReport
    from histor.text.printable import printable

    form = form or _form_of(output)
    tally = Tally()
    sieve = given.sieve() if gate else None
    with (
        _coder(given, workers) as coding,
        _writer(form, output, tally) as writer,
        progress(quiet=form == "table" and output is None) as bar,
    ):
        items = read_inputs(inputs, given.options)
        try:
            for result in coding.code_all(sieve.items(items) if sieve else items):
                if isinstance(result, Problem):
                    tally.aside += 1
                    bar.message(f"set aside: {result}")
                elif isinstance(result, CodedReport):
                    tally.coded += 1
                    writer.write(result)
                bar.advance()
        except StopError as error:
            tally.stopped = True
            bar.message(f"stopped: {printable(str(error))}")
        tally.out = sieve.out if sieve else 0
    if tally.aside or tally.stopped or sieve:
        click.echo(
            f"histor: {tally.coded} coded, {tally.aside} set aside{kept_out(sieve.out) if sieve else ''}.", err=True
        )
    sys.exit(tally.status)


@contextmanager
def _coder(given: Given, workers: int) -> Iterator[Coding | ParallelCoding]:
    if workers == 1:
        yield given.coding()
        return
    with given.parallel(workers) as coding:
        yield coding


def _form_of(output: str | None) -> str:
    """The format from the output's suffix, else a table for a terminal and JSON lines for a pipe."""
    suffix = Path(output).suffix.lower().lstrip(".") if output else ""
    if suffix in {"json", "csv", "jsonl"}:
        return suffix
    return "table" if output is None and sys.stdout.isatty() else "jsonl"


@contextmanager
def _writer(form: str, output: str | None, tally: Tally) -> Iterator[Any]:
    """A writer on standard output, a pipe or device, or a file put in place whole unless nothing could be coded."""
    from histor.cli.files import writing
    from histor.cli.tables import ReadableTable
    from histor.export.coded import WRITERS

    def make(out: IO[bytes]) -> Any:
        return ReadableTable(out) if form == "table" else WRITERS[form](out)

    with writing(output, lambda: tally.status != 2) as handle:
        writer = make(handle)
        yield writer
        writer.close()
