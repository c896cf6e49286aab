"""``histor gazetteer``: build, describe and search the places that names are looked up in."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from histor.store.gazetteer import Report

HELP = {"help_option_names": ["-h", "--help"]}


@click.group(name="gazetteer", context_settings=HELP)
def command() -> None:
    """Build, describe and search the gazetteer.

    It is built when it is first needed, in the user's data folder ($HISTOR_DATA overrides it).
    """


@contextmanager
def building() -> Iterator[Report]:
    """A progress line on stderr while a gazetteer is built; silent where it exists."""
    bar: Any = None
    task: Any = None

    def report(what: str, done: int, total: int) -> None:
        nonlocal bar, task
        if not sys.stderr.isatty():
            if done == 0:
                click.echo(f"Building the gazetteer: {what}", err=True)
            return
        if bar is None:
            bar = _bar()
            bar.start()
            task = bar.add_task(what, total=total or None)
        bar.update(task, description=what, completed=done, total=total or None)

    try:
        yield report
    finally:
        if bar is not None:
            bar.stop()


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    label = TextColumn("Building the gazetteer: {task.description}")
    return Progress(label, BarColumn(), console=Console(stderr=True), transient=True)


@command.command(context_settings=HELP)
@click.option(
    "--dump", "dumps", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A GeoNames dump to add (allCountries.txt or a country's file, also zipped); may be given several times.",
)  # fmt: skip
def build(dumps: tuple[Path, ...]) -> None:
    """Build the gazetteer anew; the old one stays until the new one is whole."""
    from histor.store import gazetteer

    with building() as report:
        gazetteer.build(gazetteer.default_path(), dumps, report)
    click.echo(f"{gazetteer.default_path()} is built.")


@command.command(context_settings=HELP)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def info(as_json: bool) -> None:
    """Say what the gazetteer holds and where it lies."""
    from histor.store import gazetteer

    if not gazetteer.default_path().exists():
        click.echo(
            f"There is no gazetteer at {gazetteer.default_path()} yet. Build it: histor gazetteer build.", err=True
        )
        sys.exit(2)
    found = gazetteer.SqliteGazetteer(gazetteer.default_path()).info()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(f"{found['path']} ({found['bytes'] / 1e6:.0f} MB)")
    for kind, count in found["places"].items():
        click.echo(f"  {count:>9,} {kind}")
    click.echo(f"  {found['names']:>9,} names")


@command.command(context_settings=HELP)
@click.argument("name")
@click.option("--country", metavar="ISO3", help="Only places of this country, similar spellings too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def search(name: str, country: str | None, as_json: bool) -> None:
    """Look up a NAME as reports are looked up: case, accents, hyphens and articles do not matter."""
    from msgspec.structs import asdict

    from histor.store.gazetteer import open_gazetteer

    with building() as report:
        gazetteer = open_gazetteer(report=report)
    hits = [h for h in gazetteer.find(name) if country is None or h.entry.country == country.upper()]
    if country is not None:
        known = {h.entry.key for h in hits}
        hits += [h for h in gazetteer.find_like(name, country.upper()) if h.entry.key not in known]
    for hit in hits:
        entry = hit.entry
        if as_json:
            click.echo(json.dumps({**asdict(entry), "match": hit.match}, ensure_ascii=False))
            continue
        chain = ", ".join(dict.fromkeys(x for x in (entry.name, entry.admin2, entry.admin1, entry.country) if x))
        point = (
            f"{entry.latitude:.4f} {entry.longitude:.4f}"
            if entry.latitude is not None and entry.longitude is not None
            else "no point"
        )
        click.echo(f"{entry.geonames_id or '-':>9}  {entry.kind:<8} {chain}  ({point}; {entry.point}; {hit.match})")
    if not hits:
        click.echo(f"no such place: {name}", err=True)
        sys.exit(1)
