"""``histor account``: who may log in to a project that is served beyond this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from histor.cli.inputs import HELP
from histor.cli.project import FOLDER, opened

ROLES = click.Choice(["viewer", "coder", "adjudicator", "admin"])


@click.group(name="account", context_settings=HELP)
def command() -> None:
    """Add, change and list the accounts of a project."""


def _password() -> str:
    """The password, asked for twice at a terminal, else the first line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


@command.command(name="add", context_settings=HELP)
@click.argument("name")
@click.option("--role", type=ROLES, default="coder", show_default=True, help="What the person may do.")
@FOLDER
def add(name: str, role: str, folder: Path | None) -> None:
    """Add the account NAME; the password is asked for, or read from standard input."""
    from histor.jobs.clock import now
    from histor.store.access import Account
    from histor.web.identity import hashed

    with opened(folder) as project:
        account = Account(name, role, _hash(hashed), now(), False)
        with project.write() as transaction:
            transaction.access.add_account(account)
            transaction.access.note(now(), "command line", f"account added as {role}", name)
    click.echo(f"histor: {name} may log in as {role}.", err=True)


@command.command(name="change", context_settings=HELP)
@click.argument("name")
@click.option("--role", type=ROLES, help="A new role.")
@click.option("--password", "ask", is_flag=True, help="Set a new password.")
@click.option("--disable/--enable", "disabled", default=None, help="Shut or open the account.")
@FOLDER
def change(name: str, role: str | None, ask: bool, disabled: bool | None, folder: Path | None) -> None:
    """Change the account NAME; its sessions end."""
    from histor.jobs.clock import now
    from histor.web.identity import hashed

    changes: dict[str, object] = {k: v for k, v in (("role", role), ("disabled", disabled)) if v is not None}
    with opened(folder) as project:
        if ask:
            changes["password"] = _hash(hashed)
        if not changes:
            raise click.UsageError("Say what to change: --role, --password, --disable or --enable.")
        with project.write() as transaction:
            transaction.access.change_account(name, **changes)
            transaction.access.note(now(), "command line", f"account changed: {', '.join(sorted(changes))}", name)


@command.command(name="list", context_settings=HELP)
@FOLDER
def list_(folder: Path | None) -> None:
    """List accounts with their roles."""
    with opened(folder) as project, project.read() as transaction:
        for account in transaction.access.accounts():
            click.echo(f"{account.name}\t{account.role}{'	disabled' if account.disabled else ''}")


def _hash(hashed: object) -> str:
    from histor.model.errors import ConfigError
    from histor.web.problems import Refusal

    try:
        return str(hashed(_password()))  # type: ignore[operator]
    except Refusal as refusal:
        raise ConfigError("account.password", str(refusal), do="Choose a longer one.") from None
