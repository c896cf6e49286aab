"""``histor roles``: who did it, to whom and with what, read over whole reports."""

from __future__ import annotations

import sys

import click


@click.command(name="roles", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
def command(inputs: tuple[str, ...]) -> None:
    """Read the violent incidents that each report as a whole tells of: type, perpetrators, targets, victims, weapons.

    INPUT is as for `histor code`. One JSON object a report goes to standard output: its id and its incidents, each
    participant with its wordings and their spans. This is a reading beside the event mentions of `histor code`, by a
    head that not every installation has. Exit status: 0 all well, 1 something was set aside, 2 nothing could be done.
    """
    import msgspec

    from histor.capture.inputs import InputOptions, Problem, read_inputs
    from histor.cli.progress import progress
    from histor.jobs.document import DocumentRoles

    roles = DocumentRoles.load()
    done = aside = 0
    with progress(quiet=False) as bar:
        for item in read_inputs(inputs, InputOptions()):
            if isinstance(item, Problem):
                aside += 1
                bar.message(f"set aside: {item}")
            else:
                done += 1
                sys.stdout.buffer.write(msgspec.json.encode(roles.read(item)) + b"\n")
            bar.advance()
    sys.exit(0 if not aside else 1 if done else 2)
