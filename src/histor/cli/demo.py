"""``histor demo``: the main job on the reports that ship with histor."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import resources

import click

from histor.cli.code import FORMATS


def demo_path() -> Iterator[str]:
    """The path of the shipped reports, as a context for as long as it is needed."""
    with resources.as_file(resources.files("histor.jobs").joinpath("data/demo.jsonl")) as path:
        yield str(path)


@click.command(name="demo", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="Output format.")
def command(form: str) -> None:
    """Code thirty short reports on the fighting in Panjshir, Andarab and Kapisa in August 2021.

    We wrote them in our own words, as outlets of every side would tell what happened: state media, both
    sides, a news agency and its copies, a correction, tolls that differ, a denial, a forecast, a protest,
    a pledge of support. The outlets are invented, the events are real.
    """
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
