"""``histor demo``: the reports that ship with histor, from their words to incidents with tolls."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import click

from histor.cli.code import FORMATS
from histor.cli.inputs import HELP


def demo_path() -> Iterator[str]:
    """The path of the shipped reports, as a context for as long as it is needed."""
    with resources.as_file(resources.files("histor.jobs").joinpath("data/demo.jsonl")) as path:
        yield str(path)


@click.command(name="demo", context_settings=HELP)
@click.option(
    "--project", "folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="Make the project in this new folder and keep it [default: a temporary one].",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(FORMATS), help="Make no project; write the codings in this format.")
def command(folder: Path | None, form: str | None) -> None:
    """Thirty short reports on the fighting in Panjshir, Andarab and Kapisa in August 2021 become incidents.

    A project is made of them; then you see who gave which toll for Andarab on whose word, and what the best
    estimate is under each rule. With --format you get the codings of the reports instead.

    We wrote the reports in our own words, as outlets of every side would tell what happened: state media, both
    sides, a news agency and its copies, a correction, tolls that differ, a denial, a forecast, a protest,
    a pledge of support. The outlets are invented, the events are real.
    """
    if form is not None and folder is not None:
        raise click.UsageError("Choose one of --project and --format.")
    if form is not None:
        _codings(form)
    elif folder is not None:
        _story(folder, kept=True)
    else:
        with tempfile.TemporaryDirectory(prefix="histor-demo-") as temporary:
            _story(Path(temporary), kept=False)


def _codings(form: str) -> None:
    from histor.capture.inputs import InputOptions, read_inputs
    from histor.cli.gazetteer import building
    from histor.cli.tables import ReadableTable
    from histor.export.coded import WRITERS
    from histor.jobs.coding import Coding
    from histor.model.records import CodedReport
    from histor.store.gazetteer import open_gazetteer

    with building() as report:
        coding = Coding.load(gazetteer=open_gazetteer(report=report))
    out = sys.stdout.buffer
    writer = ReadableTable(out) if form == "table" else WRITERS[form](out)
    for path in demo_path():
        for result in coding.code_all(read_inputs([path], InputOptions())):
            if isinstance(result, CodedReport):
                writer.write(result)
    writer.close()
    if form == "table":
        click.echo("\nThe same as data: histor demo --format jsonl. Your own reports: histor code FILE...")


def _story(folder: Path, *, kept: bool) -> None:
    from histor.capture.inputs import InputOptions, read_captures
    from histor.cli.gazetteer import building
    from histor.cli.story import tell
    from histor.jobs.coding import Coding
    from histor.jobs.ingest import Ingest
    from histor.store.gazetteer import open_gazetteer
    from histor.store.project import init_project

    with init_project(folder) as project:
        with building() as report:
            coding = Coding.load(gazetteer=open_gazetteer(report=report))
        for path in demo_path():
            Ingest(project, coding).run(read_captures([path], InputOptions()))
        tell(project, "Andarab", str(folder) if kept else None)
