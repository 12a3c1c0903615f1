"""Errors as RFC 9457 problem details. A problem names fields, never the values that were sent."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException as StarletteHTTPException

MEDIA_TYPE = "application/problem+json"


class Problem(HTTPException):
    """A mistake of the request: status, one sentence, and perhaps the fields it is about."""

    def __init__(self, status: int, detail: str, errors: Sequence[dict[str, str]] = ()) -> None:
        super().__init__(status, detail)
        self.errors = list(errors)


def problem_response(
    status: int,
    detail: str,
    errors: Sequence[dict[str, str]] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """The problem as a response."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = list(errors)
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


#: Makes the page that a person sees instead, from the request and the status.
ErrorPage = Callable[[Request, int], Response]
HOME, PAGES = "/", "/console/"


def is_page(request: Request) -> bool:
    """Whether a person asked, who sees a page instead."""
    return request.url.path == HOME or request.url.path.startswith(PAGES)


def answer_with_problems(app: FastAPI, page: ErrorPage) -> None:
    """Let every error of the app, expected or not, become a problem, or on the pages of people a page."""

    def told(request: Request, status: int, detail: str, errors: Sequence[dict[str, str]] = ()) -> Response:
        if is_page(request):
            return page(request, status)
        return problem_response(status, detail, errors)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        fields = [{"field": _field(e["loc"]), "message": _message(e)} for e in error.errors()[:20]]
        return told(request, 422, "The request does not have the declared form.", fields)

    @app.exception_handler(StarletteHTTPException)
    async def _refused(request: Request, error: StarletteHTTPException) -> Response:
        return told(request, error.status_code, str(error.detail), getattr(error, "errors", ()))

    @app.exception_handler(Exception)
    async def _failed(request: Request, _error: Exception) -> Response:
        return told(request, 500, "The service failed; nothing was changed.")


def _field(location: Sequence[Any]) -> str:
    """`body.profile.income_wages_yuan_12m`; names that were sent and are no identifiers are left out."""
    return ".".join(str(part) if isinstance(part, int) or is_plain(part) else "?" for part in location)


def is_plain(name: str) -> bool:
    """Whether a name that was sent may be repeated: a field could bear it, no number and no Chinese name."""
    return len(name) <= 80 and name.isascii() and name.isidentifier()


def _message(error: Any) -> str:
    """Pydantic's sentence without the value it may repeat."""
    return "not valid JSON" if error["type"] == "json_invalid" else str(error["type"]).replace("_", " ")
