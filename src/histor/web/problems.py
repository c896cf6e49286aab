"""One shape for all that goes wrong: ``{"error": {"code", "what", "where", "do"}}``."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from histor.model.errors import CoderError, ConfigError, HistorError, InputError, StoreError

_STATUS: tuple[tuple[type[HistorError], int], ...] = (
    (InputError, 422), (ConfigError, 400), (CoderError, 422), (StoreError, 503),
)  # fmt: skip
_DO = {
    401: "Log in.", 403: "Ask somebody who may.", 404: "Check the address.", 405: "See /api/v1/openapi.json for what can be done.",
    412: "Look at what changed, then decide again.", 413: "Send less.", 429: "Wait a while.",
}  # fmt: skip


class Refusal(Exception):
    """An answer other than success: status, stable code and what to do."""

    def __init__(self, status: int, code: str, what: str, do: str = "", **more: Any) -> None:
        super().__init__(what)
        self.status = status
        self.body = body(code, what, "", do or _DO.get(status, ""), **more)


def body(code: str, what: str, where: str = "", do: str = "", **more: Any) -> dict[str, Any]:
    """The one error shape."""
    return {"error": {"code": code, "what": what, "where": where, "do": do, **more}}


def install(app: FastAPI) -> None:
    """Make every error of the application answer in the one shape."""

    @app.exception_handler(Refusal)
    async def _(_: Request, refusal: Refusal) -> JSONResponse:
        return JSONResponse(refusal.body, refusal.status)

    @app.exception_handler(HistorError)
    async def _(_: Request, error: HistorError) -> JSONResponse:
        status = next((s for kind, s in _STATUS if isinstance(error, kind)), 500)
        if error.code.endswith(".unknown"):
            status = 404
        return JSONResponse(body(error.code, error.what, error.where, error.do), status)

    @app.exception_handler(RequestValidationError)
    async def _(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0] if error.errors() else {}
        where = ".".join(map(str, first.get("loc", ())))
        what = str(first.get("msg", "the request does not fit"))
        return JSONResponse(body("request.invalid", what, where, "See /api/v1/openapi.json for what fits."), 422)

    @app.exception_handler(HTTPException)
    async def _(_: Request, error: HTTPException) -> JSONResponse:
        what = str(error.detail)
        answer = JSONResponse(
            body(f"http.{error.status_code}", what, "", _DO.get(error.status_code, "")), error.status_code
        )
        answer.headers.update(error.headers or {})
        return answer
