"""Bringing a project's tables up to this version, each time in one transaction."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from histor.model.errors import StoreError
from histor.store.database import Database
from histor.store.schema import HEAD

SCRIPTS = Path(__file__).with_name("migrations")


def revision_of(connection: Connection) -> str | None:
    """The revision of the tables; None where there are none. Raises StoreError for another program's."""
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" not in tables:
        if tables:
            raise StoreError(
                "store.foreign", f"it holds tables of something else ({', '.join(sorted(tables)[:3])}).",
                do="Name the folder of a histor project, or an empty database.",
            )  # fmt: skip
        return None
    found = connection.execute(text("select version_num from alembic_version")).scalar()
    return str(found) if found is not None else None


def upgrade(database: Database, to: str = HEAD, create: bool = False) -> None:
    """Bring the tables to the revision `to`; an empty database gets them only if `create`.

    Raises StoreError if a newer histor made them, or if they are not histor's. A break at any moment
    leaves the older tables whole.
    """
    with database.read() as connection:
        found = _checked(connection, database, create)
    if found == to:
        return
    with database.write() as connection:
        # Another process may have done it while this one waited for its turn.
        if _checked(connection, database, create) != to:
            _run(connection, to)


def _checked(connection: Connection, database: Database, create: bool) -> str | None:
    try:
        found = revision_of(connection)
    except StoreError as error:
        raise error.at(database.name) from None
    if found is None and not create:
        raise StoreError(
            "store.empty", "there are no tables in it.", where=database.name, do="Make a project: histor init."
        )
    if found is not None and not known(found):
        raise StoreError(
            "store.newer", f"a newer histor made this project (its tables are {found}, this one knows {HEAD}).",
            where=database.name, do="Upgrade histor: pip install --upgrade histor.",
        )  # fmt: skip
    return found


def known(revision: str) -> bool:
    """Whether a revision is one of ours: four digits, no higher than the newest."""
    return bool(re.fullmatch(r"[0-9]{4}", revision)) and revision <= HEAD


def _run(connection: Connection, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
