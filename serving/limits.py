"""Limits on the size and time of every request, and the strict headers of every answer."""

import asyncio
from collections.abc import Callable, MutableMapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.problems import problem_response

MOST_BYTES = 1_000_000
#: Of a refused body so much is read and thrown away: a client still sending would lose the answer.
MOST_DRAINED = 16 * MOST_BYTES

#: Nothing inline, no script at all, nothing from elsewhere, no frame.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
#: Pages and answers hold personal data; only the style sheet may be kept by a browser.
NOT_STORED = (b"cache-control", b"no-store")
STATIC = "/console/static/"


class BodyLimit:
    """Refuses a body over the limit with 413, whether it declares its length or comes in chunks."""

    def __init__(self, app: ASGIApp, most: int = MOST_BYTES) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry: the body is read here, because the application would take any failure of it for 400."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self.most:
                await _refuse(scope, receive, send, more=more)
                return
        whole: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def read_already() -> Message:
            return whole.pop() if whole else await receive()

        await self.app(scope, read_already, send)


class TimeLimit:
    """Ends a request that takes too long, with what `late` makes of it where nothing was answered yet."""

    def __init__(self, app: ASGIApp, seconds: float, late: Callable[[Request], Response]) -> None:
        self.app = app
        self.seconds = seconds
        self.late = late

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            async with asyncio.timeout(self.seconds):
                await self.app(scope, receive, sent)
        except TimeoutError:
            if begun:
                raise
            await self.late(Request(scope))(scope, receive, send)


class StrictHeaders:
    """Adds the security headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""

        async def sent(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                stored = scope.get("path", "").startswith(STATIC)
                added = HEADERS if stored else (*HEADERS, NOT_STORED)
                message["headers"] = [*message.get("headers", []), *added]
            await send(message)

        await self.app(scope, receive, sent)


async def _refuse(scope: Scope, receive: Receive, send: Send, *, more: bool) -> None:
    drained = 0
    while more and drained < MOST_DRAINED:
        message = await receive()
        drained += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
    detail = f"A request holds at most {MOST_BYTES} bytes; send fewer households at a time."
    await problem_response(413, detail)(scope, receive, send)
