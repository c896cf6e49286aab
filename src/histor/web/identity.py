"""Who asks, and whether they may: sessions in a cookie, tokens for programs, permissions declared on each route.

Passwords are hashed with Argon2id (RFC 9106, the library's defaults); sessions and tokens are 256-bit random strings of
which the store keeps SHA-256.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import Depends, Request

from histor.jobs.clock import now
from histor.jobs.review import mentions_of
from histor.model.incidents import Decision
from histor.store.access import ROLES, Account, Token
from histor.store.project import Project, Transaction
from histor.web.problems import Refusal

COOKIE = "histor_session"
SESSION = timedelta(hours=12)
SHORTEST = 12  # characters of a password (NIST SP 800-63B asks for 8, 15 where it stands alone)
TRIES, WINDOW = 5, timedelta(minutes=10)

PERMISSIONS = {"read": "viewer", "review": "coder", "adjudicate": "adjudicator", "administer": "admin"}
"""What a route may ask, and the least role that has it; ``public`` asks nothing."""

_hasher = PasswordHasher()


@dataclass(frozen=True)
class Who:
    """The person or program that asks; `scopes` bounds a token to some permissions."""

    name: str
    role: str
    scopes: tuple[str, ...] = tuple(PERMISSIONS)
    via: str = "session"

    def may(self, permission: str) -> bool:
        least = PERMISSIONS[permission]
        return permission in self.scopes and ROLES.index(self.role) >= ROLES.index(least)


def hashed(password: str) -> str:
    """An Argon2id hash. Raises Refusal for a password that is too short."""
    if len(password) < SHORTEST:
        raise Refusal(
            422, "account.password", f"the password has fewer than {SHORTEST} characters.", "Choose a longer one."
        )
    return _hasher.hash(password)


def sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def log_in(project: Project, name: str, password: str, address: str | None) -> str:
    """A new session's secret. Raises Refusal for a wrong name or password, and after too many tries on a name."""
    since = now(-WINDOW)
    with project.read() as transaction:
        account = transaction.access.account(name)
        tries = transaction.access.failures(name, since)
    if tries >= TRIES:
        raise Refusal(429, "login.tries", "there were too many tries on this name.", "Wait ten minutes.")
    if not _verified(account, password):
        with project.write() as transaction:
            transaction.access.note(now(), name[:200], "login failed", None, address)
        raise Refusal(401, "login.wrong", "the name or the password is wrong.", "Try again.")
    secret = secrets.token_urlsafe(32)
    with project.write() as transaction:
        transaction.access.drop_ended(now())
        transaction.access.open_session(sha256(secret), name, now(), now(SESSION))
        transaction.access.note(now(), name, "login", None, address)
    return secret


# So that an unknown name takes as long as a wrong password.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


def _verified(account: Account | None, password: str) -> bool:
    known = account is not None and not account.disabled
    try:
        return _hasher.verify(account.password if account and known else _NOBODY, password) and known
    except (VerificationError, InvalidHashError):
        return False


def new_token(project: Project, who: Who, name: str, scopes: tuple[str, ...], ends_at: str | None) -> tuple[Token, str]:
    """A token and its secret, which is shown once. Raises Refusal for scopes that the account does not have."""
    lacking = [s for s in scopes if s not in PERMISSIONS or not who.may(s)]
    if lacking or not scopes:
        raise Refusal(422, "token.scopes", f"scopes that cannot be given: {', '.join(lacking) or 'none asked for'}.")
    secret = f"histor_{secrets.token_urlsafe(32)}"
    token = Token(secrets.token_hex(8), who.name, name, scopes, now(), ends_at)
    with project.write() as transaction:
        transaction.access.add_token(token, sha256(secret))
        transaction.access.note(now(), who.name, "token added", token.id)
    return token, secret


def asker(request: Request) -> Who:
    """Who asks. Raises Refusal (401) if nobody known."""
    state = request.app.state
    given = request.headers.get("authorization", "")
    if given.lower().startswith("bearer "):
        with state.project.read() as transaction:
            found = transaction.access.by_token(sha256(given[7:].strip()), now())
        if found is None:
            raise Refusal(401, "token.wrong", "the token is not known or has ended.", "Ask for another.")
        account, token = found
        return Who(account.name, account.role, token.scopes, "token")
    if state.single_user is not None:
        return Who(state.single_user, "admin", via="loopback")
    secret = request.cookies.get(COOKIE)
    if secret:
        with state.project.read() as transaction:
            session = transaction.access.by_session(sha256(secret), now())
        if session is not None:
            return Who(session.name, session.role)
    raise Refusal(401, "login.needed", "nobody is logged in.")


def needs(permission: str) -> Any:
    """The dependency of a route that asks for a permission; the asker is its value."""

    def check(request: Request) -> Who:
        who = asker(request)
        if not who.may(permission):
            raise Refusal(
                403,
                "permission",
                f"{who.role}s may not {permission}."
                if permission in who.scopes
                else f"the token may not {permission}.",
            )
        return who

    check.permission = permission  # type: ignore[attr-defined]
    return Depends(check)


def public() -> Any:
    """The dependency of a route that anybody may use; a test finds routes without either."""

    def check() -> None:
        return None

    check.permission = "public"  # type: ignore[attr-defined]
    return Depends(check)


# --- who codes blind -------------------------------------------------------------------------------


def not_blind(transaction: Transaction, who: Who, report_ids: Iterable[str]) -> None:
    """Raises Refusal if `who` has yet to code one of these reports blind, and so may see nobody's coding of it."""
    if not transaction.access.blind_to(who.name).isdisjoint(report_ids):
        raise Refusal(403, "second-coding.blind", "you code this report blind.", "Close your own coding first.")


def not_blind_to(transaction: Transaction, who: Who, decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions less those on event mentions of reports that `who` has yet to code blind."""
    blind = transaction.access.blind_to(who.name)
    if not blind:
        return list(decisions)
    reports = {s.mention.id: s.report_id for s in transaction.mentions.many(mentions_of(decisions))}
    reports |= {r.mention.id: r.report_id for r in transaction.decisions.rulings().additions()}
    return [d for d in decisions if blind.isdisjoint(reports.get(m, "") for m in mentions_of([d]))]
