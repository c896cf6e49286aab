"""The feeds that a project follows, and how far each was read."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, delete, select, update

from histor.store.rows import put
from histor.store.schema import feeds
from histor.text.normalise import normalise


class FeedRow(NamedTuple):
    """A feed: a web address or the path of a file; `source` is the outlet's name, if not the feed's own title.

    `etag` and `modified` are what the host gave with the last answer whose entries are all taken in; `failure` says
    why the last poll went wrong.
    """

    address: str
    source: str | None
    title: str | None
    added_at: str
    polled_at: str | None = None
    etag: str | None = None
    modified: str | None = None
    failure: str | None = None


class Feeds:
    """Feeds in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, feed: FeedRow) -> bool:
        """Follow a feed; False if it is followed already."""
        return put(self._connection, feeds, feed._asdict())

    def all(self) -> list[FeedRow]:
        """All feeds, by address."""
        query = select(*(feeds.c[name] for name in FeedRow._fields)).order_by(feeds.c.address)
        return [FeedRow(*row) for row in self._connection.execute(query)]

    def remove(self, address: str) -> bool:
        """Follow a feed no longer; its reports stay. False if it is not followed."""
        return self._connection.execute(delete(feeds).where(feeds.c.address == address)).rowcount > 0

    def polled(
        self, address: str, at: str, *, title: str | None, etag: str | None, modified: str | None, failure: str | None
    ) -> None:
        """Note how a poll went, and what the next may be answered by."""
        done = {"polled_at": at, "etag": etag, "modified": modified, "failure": normalise(failure) if failure else None}
        if title:
            done["title"] = normalise(title)
        self._connection.execute(update(feeds).where(feeds.c.address == address).values(done))
