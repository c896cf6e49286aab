"""Coded reports as Parquet, field by field: nothing of a record is lost, and DuckDB reads it as it is.

Columns are ``item`` (the place in the part), the fields of `CodedReport` as nested columns, and ``problem`` where
the item was set aside. The footer holds the SHA-256 of the rows as JSON lines, which does not depend on the
version of the library that wrote the file.
"""

from __future__ import annotations

import hashlib
import os
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct, UnsetType

from histor.model.errors import ConfigError, HistorError, StoreError
from histor.model.records import CodedReport
from histor.text.normalise import normalise

if TYPE_CHECKING:
    import pyarrow

GROUP = 250  # rows a row group: what is held at once
_FOOTER = b"histor"
_encoder = msgspec.json.Encoder(order="deterministic")


class Aside(Struct, frozen=True):
    """An item that was set aside: the code of its error, what happened, where, and what to do."""

    code: str
    what: str
    where: str
    do: str


class PartSummary(Struct, frozen=True):
    """What a part holds; `kept_out` are reports that the gate left out, `sha256` is that of its rows as JSON lines, `plan` names what it was made by."""

    plan: str
    reports: int = 0
    event_mentions: int = 0
    set_aside: int = 0
    kept_out: int = 0
    sha256: str = ""


Row = CodedReport | Aside


def aside(error: HistorError) -> Aside:
    """An error as a row."""
    return Aside(error.code, *map(normalise, (error.what, error.where, error.do)))  # file names may be no text


def write_part(target: Path, rows: Iterable[Row], plan: str, kept_out: Callable[[], int] = lambda: 0) -> PartSummary:
    """Write the rows beside `target` and put the file in its place once it is whole; `kept_out` is asked at the end.

    Raises ConfigError without pyarrow, StoreError if the file cannot be written; whatever `rows` raises leaves nothing.
    """
    schema = _schema()
    # Two processes may be at the same part; the last one wins, with the same rows.
    beside = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        with _writing(beside):
            summary = _write(beside, schema, rows, plan, kept_out)
            try:
                os.replace(beside, target)
            except FileNotFoundError:
                if not target.exists():  # else another run tidied up after it had made the same part
                    raise
    finally:
        beside.unlink(missing_ok=True)
    return summary


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Turns an error of the file system into ours."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            "part.write", f"the part cannot be written ({error.strerror or error}).", where=str(path),
            do="Make room or mend permissions, then run the same command again.",
        ) from error  # fmt: skip


def _write(
    path: Path, schema: pyarrow.Schema, rows: Iterable[Row], plan: str, kept_out: Callable[[], int]
) -> PartSummary:
    from pyarrow import Table, parquet

    hashed = hashlib.sha256()
    reports = mentions = problems = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        group: list[dict[str, Any]] = []
        for k, row in enumerate(rows):
            hashed.update(_encoder.encode(row) + b"\n")
            group.append(_cells(k, row))
            if isinstance(row, Aside):
                problems += 1
            else:
                reports += 1
                mentions += len(row.event_mentions)
            if len(group) == GROUP:
                writer.write_table(Table.from_pylist(group, schema=schema))
                group = []
        writer.write_table(Table.from_pylist(group, schema=schema))
        summary = PartSummary(plan, reports, mentions, problems, kept_out(), hashed.hexdigest())
        writer.add_key_value_metadata({_FOOTER.decode(): msgspec.json.encode(summary).decode()})
    return summary


def _cells(number: int, row: Row) -> dict[str, Any]:
    if isinstance(row, Aside):
        return {"item": number, "problem": msgspec.to_builtins(row)}
    return {"item": number, **msgspec.to_builtins(row)}


def read_summary(path: Path) -> PartSummary | None:
    """What a part says of itself; None if it is not there or is not whole."""
    from pyarrow import ArrowException, parquet

    try:
        found = parquet.read_metadata(path).metadata or {}
        return msgspec.json.decode(found[_FOOTER], type=PartSummary)
    except (OSError, KeyError, ArrowException, msgspec.MsgspecError):
        return None


def read_part(path: Path) -> Iterator[Row]:
    """The rows of a part, in order. Raises StoreError if it is damaged."""
    from pyarrow import ArrowException, parquet

    try:
        with parquet.ParquetFile(path) as file:
            for k in range(file.num_row_groups):
                for cells in file.read_row_group(k).to_pylist():
                    problem = cells.pop("problem")
                    if problem:
                        yield msgspec.convert(problem, Aside)
                    else:
                        yield msgspec.convert(_bare(cells), CodedReport)
    except (OSError, ArrowException, msgspec.MsgspecError) as error:
        raise StoreError(
            "part.broken", f"the part cannot be read ({type(error).__name__}: {error}).", where=str(path),
            do="Remove it and run the same command again: it will be made anew.",
        ) from error  # fmt: skip


def _bare(value: Any, kind: Any = CodedReport) -> Any:
    """Cells as the record wants them: fields that may be absent are left out where they are null."""
    if value is None:
        return None
    kind = _of(kind)
    if isinstance(value, list):
        return [_bare(v, get_args(kind)[0]) for v in value]
    if isinstance(value, dict):
        hints = _hints(kind)
        return {n: _bare(v, hints[n]) for n, v in value.items() if n in hints and not (v is None and _absent(hints[n]))}
    return value


@cache
def _hints(kind: type[Struct]) -> dict[str, Any]:
    return {name: hint for name, hint in get_type_hints(kind).items() if name in kind.__struct_fields__}


@cache
def _absent(hint: Any) -> bool:
    return UnsetType in get_args(hint)


@cache
def _of(hint: Any) -> Any:
    """The type itself of one that may be None or absent."""
    if get_origin(hint) in {Union, types.UnionType}:
        return next(k for k in get_args(hint) if k not in {type(None), UnsetType})
    return hint


def _schema() -> pyarrow.Schema:
    """Columns after the fields of the records, so that a new field of theirs is a new column. Raises ConfigError."""
    try:
        import pyarrow
    except ImportError:
        raise ConfigError(
            "export.parquet", "Parquet needs the package pyarrow.", do="Run: pip install 'histor[parquet]'"
        ) from None
    coded = [pyarrow.field(name, _arrow(hint)) for name, hint in _hints(CodedReport).items()]
    return pyarrow.schema([("item", pyarrow.int64()), *coded, ("problem", _arrow(Aside))])


def _arrow(hint: Any) -> Any:
    import pyarrow

    plain = {
        str: pyarrow.string(),
        int: pyarrow.int64(),
        float: pyarrow.float64(),
        bool: pyarrow.bool_(),
        bytes: pyarrow.binary(),
    }
    kind = _of(hint)
    if kind in plain:
        return plain[kind]
    if get_origin(kind) in {tuple, list}:
        return pyarrow.list_(_arrow(get_args(kind)[0]))
    if isinstance(kind, type) and issubclass(kind, Struct):
        return pyarrow.struct([pyarrow.field(name, _arrow(inner)) for name, inner in _hints(kind).items()])
    raise TypeError(f"no column can hold {hint!r}")
