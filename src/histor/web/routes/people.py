"""People: log-in, accounts, tokens, and the audit trail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from histor.jobs.clock import now
from histor.model.errors import InputError
from histor.store.access import Account
from histor.web.answers import Json
from histor.web.identity import COOKIE, SESSION, Who, asker, hashed, log_in, needs, new_token, public, sha256
from histor.web.problems import Refusal

router = APIRouter(tags=["people"])

Role = Literal["viewer", "coder", "adjudicator", "admin"]


class Login(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=200)
    password: str = Field(max_length=1000)


class NewAccount(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=200, pattern=r"^[^\s/]([^/]*[^\s/])?$")
    role: Role
    password: str = Field(max_length=1000)


class Change(BaseModel):
    model_config = ConfigDict(extra="forbid")
    role: Role | None = None
    password: str | None = Field(default=None, max_length=1000)
    disabled: bool | None = None


class NewToken(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=200)
    scopes: list[Literal["read", "review", "adjudicate", "administer"]] = Field(min_length=1, max_length=4)
    days: int | None = Field(default=None, ge=1, le=3650)


@router.get("/me", summary="Who you are and what you may")
def me(request: Request, _: Annotated[None, public()]) -> Response:
    """``null`` where nobody is logged in."""
    try:
        who = asker(request)
    except Refusal:
        return Json(None)
    may = [p for p in ("read", "review", "adjudicate", "administer") if who.may(p)]
    return Json({"name": who.name, "role": who.role, "may": may, "via": who.via})


@router.post("/login", summary="Open a session")
def login(given: Login, request: Request, _: Annotated[None, public()]) -> Response:
    """Sets the session's cookie, which no script can read."""
    address = request.client.host if request.client else None
    secret = log_in(request.app.state.project, given.name, given.password, address)
    answer = Json({"name": given.name})
    answer.set_cookie(
        COOKIE, secret, max_age=int(SESSION.total_seconds()), httponly=True, samesite="strict",
        secure=request.url.scheme == "https", path="/",
    )  # fmt: skip
    return answer


@router.post("/logout", status_code=204, summary="Close your session")
def logout(request: Request, _: Annotated[None, public()]) -> Response:
    secret = request.cookies.get(COOKIE)
    if secret:
        with request.app.state.project.write() as transaction:
            transaction.access.close_session(sha256(secret))
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path="/")
    return answer


@router.get("/accounts", summary="Accounts")
def accounts(request: Request, _: Annotated[Who, needs("administer")]) -> Response:
    with request.app.state.project.read() as transaction:
        return Json({"items": [_shown(a) for a in transaction.access.accounts()]})


def _shown(account: Account) -> dict[str, Any]:
    return {"name": account.name, "role": account.role, "added_at": account.added_at, "disabled": account.disabled}


@router.post("/accounts", status_code=201, summary="Add an account")
def add_account(given: NewAccount, request: Request, who: Annotated[Who, needs("administer")]) -> Response:
    """The password has at least twelve characters."""
    account = Account(given.name, given.role, hashed(given.password), now(), False)
    with request.app.state.project.write() as transaction:
        transaction.access.add_account(account)
        transaction.access.note(now(), who.name, f"account added as {given.role}", given.name)
    return Json(_shown(account), status_code=201)


@router.patch("/accounts/{name}", summary="Change an account's role or password, or shut it")
def change_account(name: str, given: Change, request: Request, who: Annotated[Who, needs("administer")]) -> Response:
    """Ends the account's sessions. The last admin in use stays one."""
    changes: dict[str, Any] = {k: v for k, v in given.model_dump().items() if v is not None and k != "password"}
    if given.password is not None:
        changes["password"] = hashed(given.password)
    if not changes:
        raise InputError("account.change", "nothing is to be changed.", do="Give role, password or disabled.")
    with request.app.state.project.write() as transaction:
        admins = [a.name for a in transaction.access.accounts() if a.role == "admin" and not a.disabled]
        if admins == [name] and (changes.get("disabled") or changes.get("role", "admin") != "admin"):
            raise Refusal(409, "account.last", "this is the last admin.", "Make somebody else one first.")
        transaction.access.change_account(name, **changes)
        transaction.access.note(now(), who.name, f"account changed: {', '.join(sorted(changes))}", name)
        account = transaction.access.account(name)
    return Json(_shown(account) if account else None)


@router.get("/tokens", summary="Your tokens")
def tokens(request: Request, who: Annotated[Who, needs("read")]) -> Response:
    with request.app.state.project.read() as transaction:
        return Json({"items": [t._asdict() for t in transaction.access.tokens(who.name)]})


@router.post("/tokens", status_code=201, summary="Make a token for a program")
def add_token(given: NewToken, request: Request, who: Annotated[Who, needs("read")]) -> Response:
    """Its secret is shown this once; send it as ``Authorization: Bearer SECRET``."""
    if request.app.state.single_user is not None or who.via == "token":
        raise Refusal(409, "token.session", "tokens are made by a person who is logged in.", "Serve with accounts.")
    ends = (datetime.now(UTC) + timedelta(days=given.days)).isoformat(timespec="microseconds") if given.days else None
    token, secret = new_token(request.app.state.project, who, given.name, tuple(dict.fromkeys(given.scopes)), ends)
    return Json({**token._asdict(), "secret": secret}, status_code=201)


@router.delete("/tokens/{token_id}", status_code=204, summary="End one of your tokens")
def drop_token(token_id: str, request: Request, who: Annotated[Who, needs("read")]) -> Response:
    with request.app.state.project.write() as transaction:
        if not transaction.access.drop_token(token_id, who.name):
            raise InputError("token.unknown", "you have no such token.", where=token_id[:70])
        transaction.access.note(now(), who.name, "token ended", token_id[:70])
    return Response(status_code=204)


@router.get("/audit", summary="Who did what, the newest first")
def audit(
    request: Request, _: Annotated[Who, needs("administer")], before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:  # fmt: skip
    """Log-ins and what was done to accounts, tokens and jobs; decisions have a ledger of their own."""
    with request.app.state.project.read() as transaction:
        deeds = transaction.access.deeds(before, limit)
    return Json({"items": [d._asdict() for d in deeds], "next": deeds[-1].seq if len(deeds) == limit else None})
