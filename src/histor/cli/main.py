"""The ``histor`` command. Subcommands are imported when called, so that help stays quick."""

from __future__ import annotations

import importlib
import io
import os
import sys

import click

from histor import __version__

COMMANDS = {
    "code": "Code reports into event mentions.",
    "roles": "Read who did what to whom over whole reports.",
    "stance": "Say how each outlet speaks: loaded words, whose tolls, deeds without a doer.",
    "demo": "Code the reports that ship with histor and show what comes out.",
    "init": "Make a project: a folder that keeps reports, claims and decisions.",
    "ingest": "Code reports into a project.",
    "feed": "Follow RSS and Atom feeds; code what is new in them.",
    "status": "Say what a project holds.",
    "match": "Match a whole project anew.",
    "estimate": "Choose the rule of estimates, or compare two.",
    "query": "List a project's incidents as a table, JSON or CSV.",
    "show": "Show an incident: estimates, claims, and on whose word.",
    "merge": "Say that incidents are one.",
    "split": "Say that tellings of an incident tell another one.",
    "undo": "Take back your last decision.",
    "redo": "Put back what you took back last.",
    "export": "Write a project's incidents in a published scheme.",
    "release": "Write a project's dataset as one zip that anyone can check.",
    "import": "Take another coder's rows in, in UCDP's or ACLED's columns.",
    "serve": "Open a project in the browser for review.",
    "account": "Say who may log in to a served project.",
    "verify": "Check a project or a release: words, hashes, identifiers, chain, links.",
    "backup": "Copy a project's database into one file.",
    "codebook": "Show what each code means; check a codebook of your own.",
    "explain": "Show how a report is read: parse, proposals, frames, decisions and reasons.",
    "gazetteer": "Build, describe and search the places that names are looked up in.",
    "validate": "Check a file against a published scheme.",
    "doctor": "Say what is installed, what is missing and what to do.",
}


class Lazy(click.Group):
    """A group whose commands live in modules of their own, found by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"histor.cli.{'import_' if cmd_name == 'import' else cmd_name}")
        command = module.command
        if not isinstance(command, click.Command):
            raise TypeError(f"histor.cli.{cmd_name}.command is not a command")
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # the reader went away (`| head`): no error; click would make it exit status 1
            _drop_output()
            raise SystemExit(0) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="histor")
def histor() -> None:
    """Histor weighs the news of war: who did what to whom, where, when, how many died, on whose word.

    Start with `histor demo`, then `histor code REPORT.txt`.
    """


def main() -> None:
    """Run the command; deliberate errors become one line on stderr and exit status 2."""
    from histor.model.errors import HistorError
    from histor.text.printable import printable

    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal of another encoding shows `?` for what it lacks
        sys.stdout.reconfigure(errors="replace")
    try:
        histor(prog_name="histor")
    except HistorError as error:
        click.echo(f"histor: {printable(str(error))}", err=True)
        raise SystemExit(2) from None


def _drop_output() -> None:
    """Lead streams without a reader to nowhere, so that nothing fails when they are flushed at the end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
