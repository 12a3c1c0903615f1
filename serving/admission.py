"""How many requests are worked on at once, how many wait, and what the others are told.

Without a bound every caller waits for all before it, and under load nobody is answered in time. Beyond the
bound a request is refused at once with 429 and the seconds after which to ask again, which a program can act
on. Whether the service lives, is ready and how it fares is always answered.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: What stands in line is answered well within this; told to whoever is refused.
RETRY_SECONDS = 1
#: Never refused and never made to wait.
ALWAYS = ("/livez", "/readyz", "/healthz", "/health", "/metrics")
ALWAYS_BELOW = ("/console/static/",)

#: Makes the answer for whoever is refused.
Refuse = Callable[[Request], Response]


class Admission:
    """Lets `in_work` requests through at once, keeps `waiting` more in line in their order, refuses the rest.

    It stands behind whatever reads the body: a slow sender must hold no place.
    """

    def __init__(self, app: ASGIApp, *, in_work: int, waiting: int, refuse: Refuse) -> None:
        self.app = app
        self.free = in_work
        self.waiting = waiting
        self.refuse = refuse
        self.line: deque[asyncio.Future[None]] = deque()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] != "http" or scope["path"] in ALWAYS or scope["path"].startswith(ALWAYS_BELOW):
            await self.app(scope, receive, send)
            return
        if self.free:
            self.free -= 1
            # Whoever arrived at the same time is counted before the work begins, or no line would be seen.
            await self._counted()
        elif len(self.line) >= self.waiting:
            await self.refuse(Request(scope))(scope, receive, send)
            return
        else:
            received = await receive()
            if not await self._place(receive):
                return
            receive = _again(received, receive)
        try:
            await self.app(scope, receive, send)
        finally:
            self._leave()

    async def _counted(self) -> None:
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            self._leave()
            raise

    async def _place(self, receive: Receive) -> bool:
        """Wait in line; False where the caller has gone meanwhile. Its place in line is free either way."""
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.line.append(place)
        gone = asyncio.ensure_future(receive())
        try:
            await asyncio.wait((place, gone), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self._give_up(place)
            raise
        finally:
            caller_left = gone.done()
            gone.cancel()
        if caller_left:
            self._give_up(place)
        return not caller_left

    def _give_up(self, place: asyncio.Future[None]) -> None:
        """Leave the line, or hand on the place that was given at the same moment."""
        if place.done():
            self._leave()
        else:
            self.line.remove(place)

    def _leave(self) -> None:
        """The place goes to the first in line."""
        if self.line:
            self.line.popleft().set_result(None)
        else:
            self.free += 1


def _again(message: Message, receive: Receive) -> Receive:
    """`receive` that gives first what was received already."""
    held = [message]

    async def received() -> Message:
        return held.pop() if held else await receive()

    return received
