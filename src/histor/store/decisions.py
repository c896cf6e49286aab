"""The ledger: what people decided, row after row, each chained to the one before."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, Select, insert, or_, select, update

from histor.model.errors import InputError
from histor.model.incidents import Decision
from histor.model.ledger import GENESIS, Rulings, decide, fold
from histor.model.records import EventMention
from histor.store.codings import Codings
from histor.store.reports import Reports
from histor.store.rows import dump, load, pieces
from histor.store.schema import codings, decisions, event_mentions, ledger, successors

_MOST_FOLDED = 4
_FOLDED: dict[tuple[str, str, int, str], Rulings] = {}  # the head names the whole chain, so a key never lies
_FOLDING = threading.Lock()  # requests read in threads of their own


class Decisions:
    """The ledger in one transaction. Rows are added; the database refuses to change or remove one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        action: str,
        subject: str,
        *,
        coder: str,
        made_at: str,
        payload: Mapping[str, Any] | None = None,
        reason: str | None = None,
    ) -> Decision:
        """Append a decision (`histor.model.ledger` has what each action needs), in a writing transaction.

        Raises InputError for an unknown action, a payload that does not fit, an event mention or
        decision that there is none of, and an addition whose id is taken or whose words are not its report's.
        """
        given = msgspec.to_builtins(dict(payload or {}))
        row = decide(self.head(), action, subject, given, reason, coder, made_at)
        self._check_subjects(row)
        values = {**msgspec.structs.asdict(row), "payload": dump(row.payload)}
        self._connection.execute(insert(decisions).values(values))
        self._leave_waiting(row)
        return row

    def _leave_waiting(self, row: Decision) -> None:
        """The reports concerned are unmatched until somebody matches them: a process may die in between."""
        meant = self.meant(row)
        for some in pieces(sorted(set(_mentioned(meant)))) if meant is not None else ():
            told = select(event_mentions.c.report_id).where(event_mentions.c.id.in_(some))
            waiting = update(codings).where(codings.c.current, codings.c.report_id.in_(told))
            self._connection.execute(waiting.values(matched_by=None))

    def head(self) -> str:
        """The digest of the last row; sixty-four zeros where there is none."""
        last = select(decisions.c.digest).order_by(decisions.c.seq.desc()).limit(1)
        return self._connection.scalar(last) or GENESIS

    def anchor(self) -> tuple[int, str]:
        """How long the ledger is and where it ends, as counted when rows were added."""
        row = self._connection.execute(select(ledger.c.length, ledger.c.head)).first()
        return (row.length, row.head) if row is not None else (0, "")

    def get(self, decision_id: str) -> Decision | None:
        """The decision, or None."""
        return next(iter(self._rows(select(decisions).where(decisions.c.id == decision_id))), None)

    def meant(self, row: Decision) -> Decision | None:
        """The decision that an undo, or an undo of undos, is about in the end; any other row is about itself."""
        found: Decision | None = row
        while found is not None and found.action == "undo":
            found = self.get(found.subject)
        return found

    def all(self) -> list[Decision]:
        """All rows, in the order in which they were made."""
        return self._rows(select(decisions))

    def coders(self) -> dict[str, str]:
        """Who made each decision, by its id."""
        return dict(self._connection.execute(select(decisions.c.id, decisions.c.coder)).all())

    def about(self, subjects: Sequence[str]) -> list[Decision]:
        """The rows whose subject is one of these, and the undos of those."""
        found: dict[int, RowMapping] = {}
        for some in pieces(subjects):
            direct = select(decisions.c.id).where(decisions.c.subject.in_(some))
            undos = select(decisions.c.id).where(decisions.c.action == "undo", decisions.c.subject.in_(direct))
            again = select(decisions.c.id).where(decisions.c.action == "undo", decisions.c.subject.in_(undos))
            wanted = or_(*(decisions.c.id.in_(ids) for ids in (direct, undos, again)))
            found |= {row["seq"]: row for row in self._connection.execute(select(decisions).where(wanted)).mappings()}
        return [decision_of(found[seq]) for seq in sorted(found)]

    def rulings(self) -> Rulings:
        """The ledger folded, with event mentions of superseded codings led to the current ones.

        A fold is kept and given again as long as neither the ledger's end nor the codings are others; nobody may
        change it.
        """
        key = (str(self._connection.engine.url), self.head(), *Codings(self._connection).newest())
        with _FOLDING:
            known = _FOLDED.get(key)
        if known is None:
            later = select(successors.c.old, successors.c.new).where(successors.c.new.is_not(None))
            known = fold(self.all(), dict(self._connection.execute(later).all()))
            with _FOLDING:
                while len(_FOLDED) >= _MOST_FOLDED:
                    del _FOLDED[next(iter(_FOLDED))]
                _FOLDED[key] = known
        return known

    def _rows(self, query: Select[Any]) -> list[Decision]:
        ordered = query.order_by(decisions.c.seq)
        return [decision_of(row) for row in self._connection.execute(ordered).mappings()]

    def _check_subjects(self, row: Decision) -> None:
        if row.action == "undo":
            if self.get(row.subject) is None:
                raise _unknown("decision", row.subject)
            return
        if row.action == "add":
            self._check_addition(row)
            return
        named = sorted(set(_mentioned(row)))
        m, d = event_mentions.c, decisions.c
        for some in pieces(named):
            known = set(self._connection.scalars(select(m.id).where(m.id.in_(some))))
            known |= set(self._connection.scalars(select(d.subject).where(d.action == "add", d.subject.in_(some))))
            for mention in some:
                if mention not in known:
                    raise _unknown("event mention", mention)

    def _check_addition(self, row: Decision) -> None:
        """Its words must be the report's and its id its own: two event mentions of one id would stop all matching."""
        mention = msgspec.convert(row.payload["event_mention"], EventMention)
        report = Reports(self._connection).get(row.payload["report_id"])
        if report is None:
            raise _unknown("report", row.payload["report_id"])
        a, b = mention.trigger.span
        if not mention.trigger.text or report.text[a:b] != mention.trigger.text:
            raise InputError("mention.words", f"the words of the event mention are not those at {a} to {b}.")
        taken = select(event_mentions.c.id).where(event_mentions.c.id == mention.id).limit(1)
        if mention.id != row.subject or self._connection.scalar(taken) is not None:
            what = "has another id than the decision's subject" if mention.id != row.subject else "is there already"
            raise InputError("decision.subject", f"the added event mention {what}.", do="Give it an id of its own.")


def _mentioned(row: Decision) -> Iterable[str]:
    """The event mentions that a decision names."""
    if row.action == "merge":
        return list(row.payload["event_mentions"])
    if row.action == "split":
        return [m for part in row.payload["parts"] for m in part]
    if "left" in row.payload:
        return [row.payload["left"], row.payload["right"]]
    return [row.subject]


def _unknown(kind: str, identifier: str) -> InputError:
    return InputError(
        "decision.subject", f"there is no {kind} {identifier[:64]!r} in this project.", do="Check its id: histor show ID."
    )  # fmt: skip


def decision_of(row: Mapping[Any, Any]) -> Decision:
    """The decision that a row of the table holds. Raises StoreError if it holds none any more."""
    fields = {name: row[name] for name in Decision.__struct_fields__}
    payload = load(row["payload"], dict[str, Any], f"decision {row['id'][:12]}")
    return Decision(**{**fields, "payload": payload})
