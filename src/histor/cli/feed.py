"""``histor feed``: the feeds that a project follows."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from histor.cli.inputs import HELP, Given, input_options
from histor.cli.project import FOLDER, opened


@click.group(name="feed", context_settings=HELP)
def command() -> None:
    """Follow RSS and Atom feeds: what is new in them becomes reports of the project.

    Nothing is fetched but by `histor feed poll`.
    """


@command.command(name="add", context_settings=HELP)
@click.argument("feeds", nargs=-1, required=True, metavar="URL|FILE...")
@click.option("--source", metavar="NAME", help="The outlet's name [default: what the feed calls itself].")
@FOLDER
def add(feeds: tuple[str, ...], source: str | None, folder: Path | None) -> None:
    """Follow a feed, at a web address or in a file."""
    from histor.jobs.clock import now
    from histor.jobs.feeds import feed_address
    from histor.store.feeds import FeedRow

    addresses = [feed_address(given) for given in feeds]
    with opened(folder) as project:
        for address in addresses:
            with project.write() as transaction:
                new = transaction.feeds.add(FeedRow(address, source, None, now()))
            click.echo(f"histor: {address} is {'followed' if new else 'followed already'}.", err=True)


@command.command(name="list", context_settings=HELP)
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="One feed a line as JSON.")
def list_(folder: Path | None, as_json: bool) -> None:
    """List the feeds: address, title, when each was last polled, and what went wrong."""
    from histor.text.printable import printable

    with opened(folder) as project, project.read() as transaction:
        for feed in transaction.feeds.all():
            if as_json:
                click.echo(json.dumps(feed._asdict(), ensure_ascii=False))
                continue
            polled = f"polled {feed.polled_at[:16].replace('T', ' ')}" if feed.polled_at else "not polled yet"
            named = feed.source or feed.title or ""
            click.echo(printable("  ".join(filter(None, (feed.address, named, polled, feed.failure)))))


@command.command(name="remove", context_settings=HELP)
@click.argument("feeds", nargs=-1, required=True, metavar="URL|FILE...")
@FOLDER
def remove(feeds: tuple[str, ...], folder: Path | None) -> None:
    """Follow a feed no longer; its reports stay."""
    missing = 0
    with opened(folder) as project:
        for given in feeds:
            names = (given, str(Path(given).resolve()), _address(given))
            with project.write() as transaction:
                if not any(transaction.feeds.remove(name) for name in dict.fromkeys(names)):
                    missing += 1
                    click.echo(f"histor: {given} is not followed.", err=True)
    sys.exit(0 if not missing else 1 if missing < len(feeds) else 2)


def _address(given: str) -> str:
    """The name as `add` keeps it, if it can be read as one."""
    from histor.jobs.feeds import feed_address
    from histor.model.errors import InputError

    try:
        return feed_address(given)
    except InputError:
        return given


@command.command(name="poll", context_settings=HELP)
@click.argument("feeds", nargs=-1, metavar="[URL|FILE]...")
@FOLDER
@input_options
@click.option("--json", "as_json", is_flag=True, help="The counts as JSON on standard output.")
def poll(feeds: tuple[str, ...], folder: Path | None, given: Given, as_json: bool) -> None:
    """Fetch the feeds, those named or all, and code what is new in them into the project.

    An entry's text is what the feed has of it, often no more than a lead; with --fetch the page that it links to is fetched instead.
    Exit status: 0 all well, 1 something was set aside, 2 nothing could be done.
    """
    from histor.cli.ingest import coder_of, told
    from histor.cli.progress import progress
    from histor.jobs.feeds import Poll
    from histor.jobs.ingest import Ingest
    from histor.jobs.tried import tried

    with (
        opened(folder) as project,
        coder_of(project, given) as coding,
        tried(project.folder, coding) as coder,
        progress() as bar,
    ):
        job = Ingest(project, coder, told=bar.message, advanced=bar.advance)
        counts = job.run(Poll(project, given.options).captures([_address(name) for name in feeds]))
    told(counts, as_json)
