"""Accounts, sessions and tokens, jobs, second codings and the audit trail, in one transaction.

No secret is stored: passwords as the hashes they come as, sessions and tokens as SHA-256 of long random strings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, delete, func, insert, or_, select, update

from histor.model.errors import InputError
from histor.model.records import EventMention
from histor.store.access_schema import accounts, audit, decision_times, jobs, second_codings, sessions, tokens
from histor.store.rows import dump, load, put

ROLES = ("viewer", "coder", "adjudicator", "admin")
"""Roles in rising order; each may do what those before it may."""
RUNNING = ("waiting", "running")
"""States of a job that is not over; the others are done, failed and cancelled."""


class Account(NamedTuple):
    """A person who may log in."""

    name: str
    role: str
    password: str
    added_at: str
    disabled: bool


class Token(NamedTuple):
    """A key for programs, as far as it may be shown again."""

    id: str
    account: str
    name: str
    scopes: tuple[str, ...]
    added_at: str
    ends_at: str | None


class Job(NamedTuple):
    """Long work: `state` is waiting, running, done, failed or cancelled; `total` None while it is not known."""

    id: str
    kind: str
    state: str
    done: int
    total: int | None
    message: str | None
    request: dict[str, Any]
    result: dict[str, Any] | None
    by: str
    added_at: str
    began_at: str | None
    ended_at: str | None
    cancel: bool


class SecondCoding(NamedTuple):
    """A report that a second coder codes without seeing another's coding; `state` is open or done."""

    report_id: str
    coder: str
    state: str
    mentions: tuple[EventMention, ...]
    seconds: int
    assigned_at: str
    done_at: str | None


class Deed(NamedTuple):
    """One line of the audit trail."""

    seq: int
    at: str
    account: str
    action: str
    subject: str | None
    address: str | None


class Access:
    """Repositories of the review application in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- accounts -----------------------------------------------------------------------------

    def add_account(self, account: Account) -> None:
        """Add a person. Raises InputError if the name is taken or the role is none."""
        if account.role not in ROLES:
            raise InputError(
                "account.role", f"there is no role {account.role!r}.", do=f"Choose among {', '.join(ROLES)}."
            )
        if not put(self._connection, accounts, account._asdict()):
            raise InputError(
                "account.exists", f"there is an account {account.name!r} already.", do="Choose another name."
            )

    def change_account(self, name: str, **changes: Any) -> None:
        """Set a role, password or `disabled`; either ends the account's sessions. Raises InputError for an unknown name."""
        done = self._connection.execute(update(accounts).where(accounts.c.name == name).values(changes))
        if not done.rowcount:
            raise InputError("account.unknown", f"there is no account {name!r}.")
        self._connection.execute(delete(sessions).where(sessions.c.account == name))

    def account(self, name: str) -> Account | None:
        row = self._connection.execute(select(accounts).where(accounts.c.name == name)).first()
        return Account(*row) if row else None

    def accounts(self) -> list[Account]:
        """All accounts, by name."""
        return [Account(*row) for row in self._connection.execute(select(accounts).order_by(accounts.c.name))]

    # --- sessions and tokens ------------------------------------------------------------------

    def open_session(self, sha256: str, account: str, began_at: str, ends_at: str) -> None:
        row = {"sha256": sha256, "account": account, "began_at": began_at, "ends_at": ends_at}
        self._connection.execute(insert(sessions).values(row))

    def by_session(self, sha256: str, at: str) -> Account | None:
        """Whose session it is, if it has not ended and the account is in use."""
        query = select(accounts).join(sessions, sessions.c.account == accounts.c.name)
        found = query.where(sessions.c.sha256 == sha256, sessions.c.ends_at > at, ~accounts.c.disabled)
        row = self._connection.execute(found).first()
        return Account(*row) if row else None

    def close_session(self, sha256: str) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.sha256 == sha256))

    def drop_ended(self, at: str) -> None:
        """Forget sessions that have ended."""
        self._connection.execute(delete(sessions).where(sessions.c.ends_at <= at))

    def add_token(self, token: Token, sha256: str) -> None:
        row = {**token._asdict(), "scopes": " ".join(token.scopes), "sha256": sha256}
        self._connection.execute(insert(tokens).values(row))

    def by_token(self, sha256: str, at: str) -> tuple[Account, Token] | None:
        """Whose token it is and what it may, if it has not ended and the account is in use."""
        query = select(*_TOKEN).where(tokens.c.sha256 == sha256, or_(tokens.c.ends_at.is_(None), tokens.c.ends_at > at))
        row = self._connection.execute(query).first()
        account = self.account(row.account) if row else None
        return (account, _token(row)) if row and account and not account.disabled else None

    def tokens(self, account: str) -> list[Token]:
        """An account's tokens, the oldest first."""
        query = select(*_TOKEN).where(tokens.c.account == account).order_by(tokens.c.added_at, tokens.c.id)
        return [_token(row) for row in self._connection.execute(query)]

    def drop_token(self, token_id: str, account: str) -> bool:
        done = self._connection.execute(delete(tokens).where(tokens.c.id == token_id, tokens.c.account == account))
        return done.rowcount > 0

    # --- jobs ---------------------------------------------------------------------------------

    def add_job(self, job: Job) -> None:
        row = {**job._asdict(), "request": dump(job.request), "result": None}
        self._connection.execute(insert(jobs).values(row))

    def job(self, job_id: str) -> Job | None:
        row = self._connection.execute(select(jobs).where(jobs.c.id == job_id)).first()
        return _job(row) if row else None

    def jobs(self, most: int = 100) -> list[Job]:
        """The latest jobs, the newest first."""
        query = select(jobs).order_by(jobs.c.added_at.desc(), jobs.c.id).limit(most)
        return [_job(row) for row in self._connection.execute(query)]

    def unfinished(self) -> list[Job]:
        """Jobs that wait or were running, the oldest first: what a restart takes up again."""
        query = select(jobs).where(jobs.c.state.in_(RUNNING)).order_by(jobs.c.added_at, jobs.c.id)
        return [_job(row) for row in self._connection.execute(query)]

    def change_job(self, job_id: str, **changes: Any) -> None:
        if "result" in changes:
            changes["result"] = dump(changes["result"])
        self._connection.execute(update(jobs).where(jobs.c.id == job_id).values(changes))

    # --- second codings -----------------------------------------------------------------------

    def assign(self, report_ids: Sequence[str], coder: str, at: str) -> int:
        """Give reports to a second coder; those that the coder has already stay as they are. The number of new ones."""
        made = 0
        for report_id in report_ids:
            if self.second_coding(report_id, coder) is None:
                row = {
                    "report_id": report_id, "coder": coder, "state": "open", "mentions": "[]", "seconds": 0, "assigned_at": at
                }  # fmt: skip
                self._connection.execute(insert(second_codings).values(row))
                made += 1
        return made

    def second_coding(self, report_id: str, coder: str) -> SecondCoding | None:
        query = select(*_SECOND).where(second_codings.c.report_id == report_id, second_codings.c.coder == coder)
        row = self._connection.execute(query).first()
        return _second(row) if row else None

    def second_codings(self, coder: str | None = None, state: str | None = None) -> list[SecondCoding]:
        """Second codings in the order in which they were assigned."""
        conditions = [second_codings.c.coder == coder] if coder else []
        conditions += [second_codings.c.state == state] if state else []
        query: Select[Any] = select(*_SECOND).where(and_(True, *conditions)).order_by(second_codings.c.seq)
        return [_second(row) for row in self._connection.execute(query)]

    def blind_to(self, coder: str) -> frozenset[str]:
        """Reports that a coder has yet to code blind: nobody else's coding of them is for the coder's eyes."""
        return frozenset(s.report_id for s in self.second_codings(coder, "open"))

    def save_second_coding(
        self, report_id: str, coder: str, mentions: Sequence[EventMention], seconds: int, done_at: str | None
    ) -> None:
        """Keep what a coder has so far; with `done_at` it is closed."""
        changed = {
            "mentions": dump(list(mentions)),
            "seconds": seconds,
            "state": "done" if done_at else "open",
            "done_at": done_at,
        }
        key = and_(second_codings.c.report_id == report_id, second_codings.c.coder == coder)
        self._connection.execute(update(second_codings).where(key).values(changed))

    # --- times --------------------------------------------------------------------------------

    def took(self, decision_id: str, seconds: float) -> None:
        """How long a person looked before a decision: beside the ledger, since it says nothing of the world."""
        self._connection.execute(insert(decision_times).values({"decision": decision_id, "seconds": seconds}))

    def times(self) -> dict[str, float]:
        """Seconds by decision, of those that were timed."""
        return {row.decision: row.seconds for row in self._connection.execute(select(decision_times))}

    # --- audit --------------------------------------------------------------------------------

    def note(self, at: str, account: str, action: str, subject: str | None = None, address: str | None = None) -> None:
        """Add a line to the audit trail."""
        row = {"at": at, "account": account, "action": action, "subject": subject, "address": address}
        self._connection.execute(insert(audit).values(row))

    def deeds(self, before: int | None = None, most: int = 100) -> list[Deed]:
        """The audit trail from its end, or from below the line `before`."""
        query = select(audit).order_by(audit.c.seq.desc()).limit(most)
        if before is not None:
            query = query.where(audit.c.seq < before)
        return [Deed(*row) for row in self._connection.execute(query)]

    def failures(self, account: str, since: str) -> int:
        """Log-ins on a name that failed since then."""
        query = select(func.count()).select_from(audit)
        found = query.where(audit.c.account == account, audit.c.action == "login failed", audit.c.at > since)
        return self._connection.scalar(found) or 0


_TOKEN = tuple(tokens.c[name] for name in Token._fields)
_SECOND = tuple(second_codings.c[name] for name in SecondCoding._fields)


def _token(row: Any) -> Token:
    return Token(row.id, row.account, row.name, tuple(row.scopes.split()), row.added_at, row.ends_at)


def _job(row: Any) -> Job:
    where = f"job {row.id[:12]}"
    request = load(row.request, dict[str, Any], where)
    result = load(row.result, dict[str, Any], where) if row.result is not None else None
    return Job(**{**row._asdict(), "request": request, "result": result})


def _second(row: Any) -> SecondCoding:
    mentions = load(row.mentions, tuple[EventMention, ...], f"the second coding of report {row.report_id[:12]}")
    return SecondCoding(**{**row._asdict(), "mentions": mentions})
