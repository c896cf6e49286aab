"""Following feeds: what is new in each becomes reports."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from histor.capture.addresses import is_address, parse_address
from histor.capture.fetch import Fetched, Fetcher
from histor.capture.frames import Request
from histor.capture.inputs import Captured, InputOptions, Problem
from histor.capture.pages import Pages, host_of
from histor.capture.reports import Capture, Read, make_capture, problem_of
from histor.capture.sandbox import Sandbox
from histor.jobs.clock import now
from histor.model.canonical import canonical_json
from histor.model.errors import InputError
from histor.model.records import Report
from histor.store.feeds import FeedRow
from histor.store.project import Project
from histor.text.normalise import normalise

MOST_BYTES = 20_000_000
"""A longer feed is refused."""


def feed_address(given: str) -> str:
    """How a feed is known: its web address as it is fetched, or the full path of its file. Raises InputError."""
    if "://" in given or is_address(given):
        return parse_address(given).url
    path = Path(given).resolve()
    if not path.is_file():
        raise InputError(
            "feed.address", "this is no web address, and there is no such file.", where=given, do="Check it."
        )
    return str(path)


class Poll:
    """One round through feeds; `captures` are to be ingested as they come.

    A feed counts as read once all its entries are taken in: a round that breaks off is simply run again.
    """

    def __init__(
        self,
        project: Project,
        options: InputOptions,
        *,
        fetcher: Fetcher | None = None,
        sandbox: Sandbox | None = None,
        clock: Callable[[], str] = now,
    ) -> None:
        """With `options.fetch` the page of each new entry is read, else what the feed says of it."""
        self._project = project
        self._options = options
        self._fetcher = fetcher or Fetcher()
        self._sandbox = sandbox
        self._clock = clock

    def captures(self, addresses: Sequence[str] = ()) -> Iterator[Captured]:
        """The entries of the feeds that are meant, of all if none are named, each feed's oldest first.

        Raises InputError for an address that is not followed.
        """
        with self._project.read() as transaction:
            followed = {feed.address: feed for feed in transaction.feeds.all()}
        for address in addresses:
            if address not in followed:
                raise InputError(
                    "feed.unknown", "this feed is not followed.", where=address, do="See histor feed list."
                )
        with Pages(self._options, self._sandbox, self._fetcher) as pages:
            for address in addresses or followed:
                yield from self._feed(followed[address], pages)

    def _feed(self, feed: FeedRow, pages: Pages) -> Iterator[Captured]:
        try:
            found = self._get(feed)
            if found is not None and found.status == 304:
                self._note(feed, feed.title, feed.etag, feed.modified)
                return
            content = found.content if found is not None else _file(feed.address)
            said = pages.sandbox.parse(Request("feed", content))
        except (InputError, OSError) as error:
            problem = problem_of(error, feed.address)
            self._note(feed, feed.title, None, None, problem.error.what)
            yield Problem(problem.error.at(feed.address))
            return
        failed = False
        for item in pages.settled(self._entries(feed, said, pages)):
            # An entry that is no report will be none the next time; a page that was not reached may be.
            failed = failed or (isinstance(item, Problem) and item.error.code.startswith("fetch."))
            yield item
        etag, modified = (found.etag, found.modified) if found is not None and not failed else (None, None)
        self._note(feed, said["title"], etag, modified)

    def _get(self, feed: FeedRow) -> Fetched | None:
        """What the host says; None for a file."""
        if not is_address(feed.address):
            return None
        return self._fetcher.get(feed.address, MOST_BYTES, etag=feed.etag, modified=feed.modified)

    def _entries(self, feed: FeedRow, said: dict[str, Any], pages: Pages) -> Iterator[Read]:
        times = Counter(entry.get("id") for entry in said["entries"])
        for number, entry in enumerate(reversed(said["entries"]), 1):
            where = f"{feed.address}#{entry.get('id') or number}"
            try:
                known = self._known(feed, entry) if times[entry.get("id")] == 1 else None
                item = self._entry(feed, said["title"], entry, known, where, pages)
            except Exception as error:  # one bad entry must not end the feed
                item = problem_of(error, where)
            if item is not None:
                yield item

    def _known(self, feed: FeedRow, entry: dict[str, Any]) -> Report | None:
        """The report that an entry of this id gave before, whatever the entry said then; the last if it gave several."""
        if not entry.get("id"):
            return None
        with self._project.read() as transaction:
            for report_id in reversed(transaction.reports.by_external_id(normalise(entry["id"]).strip())):
                said = _said(transaction.reports.content(report_id))
                if (said.get("feed"), said.get("id")) == (feed.address, entry["id"]):
                    return transaction.reports.get(report_id)
        return None

    def _entry(
        self, feed: FeedRow, title: str | None, entry: dict[str, Any], known: Report | None, where: str, pages: Pages
    ) -> Read | None:
        """What an entry gives; one that is `known` gives a version of its report, which is new if the entry was corrected."""
        url = entry.get("url")
        if self._options.fetch and url:
            with self._project.read() as transaction:
                if transaction.reports.by_url(url):
                    return None
            return pages.fetched(url, where, url)
        fields = {**entry, "text": entry.get("text") or entry.get("title") or ""}
        fields["source"] = feed.source or entry.get("source") or title or host_of(feed.address) or ""
        # That an entry was updated is no publication of what it told before.
        fields["published"] = entry.get("published") or (known and known.published) or entry.get("updated")
        captured = canonical_json({"feed": feed.address, **entry})
        made = make_capture(fields, captured, self._options, where)
        if known is None:
            return made
        report = msgspec.structs.replace(made.report, id=known.id, source=known.source, url=known.url)
        return Capture(report, captured, where)

    def _note(
        self, feed: FeedRow, title: str | None, etag: str | None, modified: str | None, failure: str | None = None
    ) -> None:
        with self._project.write() as transaction:
            transaction.feeds.polled(
                feed.address, self._clock(), title=title, etag=etag, modified=modified, failure=failure
            )


def _said(captured: bytes) -> dict[str, Any]:
    """The entry that a report was read from; empty if it was read from something else."""
    try:
        found = json.loads(captured)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _file(address: str) -> bytes:
    """The feed in a file. Raises InputError if it is too long, OSError."""
    path = Path(address)
    with suppress(FileNotFoundError):
        if path.stat().st_size > MOST_BYTES:
            raise InputError(
                "input.size", f"the feed is too long (more than {MOST_BYTES:,} bytes).", do="Follow another."
            )
    return path.read_bytes()
