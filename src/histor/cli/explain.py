"""``histor explain``: how one report is read, and why."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from histor.cli.inputs import HELP, Given, input_options
from histor.text.printable import printable

if TYPE_CHECKING:
    from histor.coding.explain import SentenceExplained

PARTS = (
    ("parse", "parse"), ("proposals", "the model proposes"), ("frames", "the lexicon matches"),
    ("ties", "relations stated"), ("coded", "coded"), ("not_coded", "not coded"),
)  # fmt: skip


@click.command(name="explain", context_settings=HELP)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "--sentence", type=click.IntRange(0), help="Only this sentence; the first is 0, as in `sentence` of a coding."
)
@click.option("--no-parse", is_flag=True, help="Leave the parse out.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a sentence.")
@input_options
def command(inputs: tuple[str, ...], sentence: int | None, no_parse: bool, as_json: bool, given: Given) -> None:
    """Show how a report is read: each sentence with its parse, what the model and the lexicon see in it, what was
    coded and why, and why the rest was not.

    INPUT and the other options are those of `histor code`.
    """
    import msgspec

    from histor.capture.inputs import Problem, read_inputs

    coding = given.coding()
    read = aside = shown = 0
    for item in read_inputs(inputs, given.options):
        if isinstance(item, Problem):
            aside += 1
            click.echo(f"set aside: {item}", err=True)
            continue
        read += 1
        for explained in coding.explain(item):
            if sentence is not None and explained.index != sentence:
                continue
            shown += 1
            if as_json:
                click.echo(msgspec.json.encode(explained).decode())
            else:
                click.echo("\n".join(_lines(explained, no_parse)))
    if sentence is not None and read and not shown:
        raise click.BadParameter(f"no report has a sentence {sentence}.", param_hint="--sentence")
    sys.exit(0 if not aside else 1 if read else 2)


def _lines(explained: SentenceExplained, no_parse: bool) -> list[str]:
    lines = [f"[{explained.index}] {explained.kind}: {printable(explained.text)}"]
    for name, title in PARTS:
        found = getattr(explained, name)
        if found and not (name == "parse" and no_parse):
            lines.append(f"  {title}:")
            lines += [f"    {printable(line)}" for line in found]
    if not explained.coded and not explained.not_coded:
        lines.append("  nothing in it is an event")
    return [*lines, ""]
