"""News agencies by their names, and where a report credits one: dateline, credit line or speaker."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from histor.model.errors import ConfigError
from histor.model.records import Report

_HEAD, _TAIL = 400, 200  # characters of the text's start and end where a credit may stand
_DATELINE = r"(?:^|\n)[^\n]{{0,120}}?[(\[]\s*(?P<paren>{names})(?:\s*/\s*[\w ]{{1,20}})?\s*[)\]]"
_DASHED = r"(?:^|\n)(?P<lead>{names})\s*(?:[-–—:]|\n)"
_CREDIT = r"(?:source|with|by|via|—|–|\(|reporting by)\s*:?\s*(?P<tail>{names})\s*(?:[).]|staff|/|$)"


class Agencies:
    """Names of agencies, each with its key; longer names are read first."""

    def __init__(self, names: dict[str, tuple[str, ...]]) -> None:
        self._keys = {name.lower(): key for key, all_names in names.items() for name in all_names}
        ordered = sorted((n for all_names in names.values() for n in all_names), key=lambda n: (-len(n), n))
        words = "|".join(re.escape(n).replace(r"\ ", r"\s") for n in ordered)
        # Case counts: "AP" is an agency, "ap" is not.
        self._whole = re.compile(rf"(?<!\w)(?:{words})(?!\w)")
        self._head = re.compile(_DATELINE.format(names=words) + "|" + _DASHED.format(names=words))
        self._tail = re.compile(
            rf"(?i:{_CREDIT.split('(?P<tail>', maxsplit=1)[0]})(?P<tail>{words})" + _CREDIT.split("{names})")[1]
        )

    def key(self, name: str | None) -> str | None:
        """The agency that `name` names or holds as a whole word ("the Reuters news agency"), else None."""
        found = self._whole.search(name) if name else None
        return self._keys[" ".join(found.group().lower().split())] if found else None

    def is_agency(self, source: str | None) -> bool:
        """Whether an outlet is a news agency, by name or by calling itself one."""
        if source is None:
            return False
        return self.key(source) is not None or re.search(r"\bnews agency\b|\bwire\b", source.lower()) is not None

    def credited(self, report: Report) -> str | None:
        """The agency whose text the report says it prints: its source, its dateline or its credit line."""
        own = self.key(report.source)
        if own:
            return own
        head = self._head.search(report.text[:_HEAD])
        if head:
            return self.key(head.group("paren") or head.group("lead"))
        tail = self._tail.search(report.text[-_TAIL:].rstrip())
        return self.key(tail.group("tail")) if tail else None


@cache
def load_agencies() -> Agencies:
    """The shipped list, ``data/agencies.toml``. Raises ConfigError if it cannot be read."""
    try:
        text = resources.files("histor.matching").joinpath("data/agencies.toml").read_text(encoding="utf-8")
        table = tomllib.loads(text)["agencies"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            "matching.agencies", f"the list of agencies cannot be read ({error}).", do="Install histor again."
        ) from error
    return Agencies({key: tuple(names) for key, names in table.items()})
