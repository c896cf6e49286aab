"""What `histor.toml` says of a project, read and written; a person's comments in it stay."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from histor.model.errors import ConfigError

SETTINGS = "histor.toml"
DATABASE = "histor.db"

TILES = r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?/[A-Za-z0-9._~/%{}@?&=+-]*"
"""A map-tile address. No other sign may stand in it: its beginning goes into the page's security policy."""


class CodingSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Files of the user's own, relative to the project, laid over ours."""

    lexicon: str | None = None
    actors: str | None = None
    codebook: str | None = None


class ReviewSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How people review: `second_coder` codes `second_percent` of the reports that come in, without seeing another's coding.

    `tiles` is a map-tile address that browsers may ask (None: the map is drawn from what ships), `tiles_credit` whom to
    name for it.
    """

    second_coder: str | None = None
    second_percent: float = 0.0
    tiles: str | None = None
    tiles_credit: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.second_percent <= 100:
            raise ValueError("second_percent must lie between 0 and 100")
        if self.tiles is not None:
            check_tiles(self.tiles)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `histor.toml` may say."""

    database: str = DATABASE
    coding: CodingSettings = CodingSettings()
    review: ReviewSettings = ReviewSettings()


def check_tiles(address: str) -> str:
    """The address, if it is one of map tiles. Raises ValueError."""
    lacking = [p for p in ("{z}", "{x}", "{y}") if p not in address]
    if not re.fullmatch(TILES, address) or lacking:
        raise ValueError("write a tile address such as https://tiles.example.org/{z}/{x}/{y}.png")
    return address


def read_settings(path: Path) -> Settings:
    """The settings in a `histor.toml`; the defaults if there is none. Raises ConfigError."""
    try:
        return _parsed(path.read_text(encoding="utf-8") if path.exists() else "")
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeError, OSError) as error:
        raise ConfigError(
            "project.settings", f"the settings cannot be read ({error}).", where=str(path), do="Mend them."
        ) from error


def _parsed(text: str) -> Settings:
    return msgspec.convert(tomllib.loads(text), Settings)


def write_settings(path: Path, wanted: Settings) -> None:
    """Make `path` say `wanted`, changing no more lines than it must. Raises ConfigError if it cannot."""
    held = read_settings(path)
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for section in ("coding", "review"):
            now, then = msgspec.to_builtins(getattr(wanted, section)), msgspec.to_builtins(getattr(held, section))
            for key, value in now.items():
                if value != then[key]:
                    text = set_key(text, section, key, value)
        if _parsed(text) != wanted:
            raise ValueError("it is written in a way that this program cannot change")
        target = path.resolve()  # a link stays one
        written = target.with_name(f".{target.name}.{os.getpid()}.part")
        written.touch(0o600)
        written.write_text(text, encoding="utf-8")
        written.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)  # it may hold a password
        os.replace(written, target)
    except (OSError, ValueError) as error:
        raise ConfigError(
            "project.settings", f"the settings cannot be written ({error}).", where=str(path), do="Change them by hand."
        ) from error


_SECTION = re.compile(r"\s*\[\s*([A-Za-z0-9_-]+)\s*\]\s*(?:#.*)?$")


def set_key(text: str, section: str, key: str, value: Any) -> str:
    """The text of a TOML file with `key` of `section` set to a string or number, or taken out where it is None."""
    lines = text.splitlines()
    start = next((k for k, line in enumerate(lines) if (m := _SECTION.match(line)) and m[1] == section), None)
    if start is None:
        lines += ["", f"[{section}]"]
        start = len(lines) - 1
    end = next((k for k in range(start + 1, len(lines)) if lines[k].lstrip().startswith("[")), len(lines))
    own = re.compile(rf"\s*{re.escape(key)}\s*=")
    at = next((k for k in range(start + 1, end) if own.match(lines[k])), None)
    comment = _comment(lines[at]) if at is not None else ""
    # What JSON writes for a string or number, TOML reads; the caller checks that it does.
    line = f"{key} = {msgspec.json.encode(value).decode()}" if value is not None else ""
    made = [part for part in ("  ".join(filter(None, (line, comment))),) if part]
    lines[start + 1 if at is None else at : start + 1 if at is None else at + 1] = made
    return "\n".join(lines) + "\n"


def _comment(line: str) -> str:
    """The comment behind the value on a key's line: what begins at the first ``#`` before which the line is whole."""
    for found in re.finditer("#", line):
        try:
            tomllib.loads(line[: found.start()])
        except tomllib.TOMLDecodeError:
            continue
        return line[found.start() :]
    return ""
