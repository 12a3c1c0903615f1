"""Places and the line before them, on a real event loop; `tests/functional` asks the real server."""

import asyncio

import pytest
from starlette.responses import PlainTextResponse

from serving.admission import ALWAYS, Admission


class Work:
    """An application that works until it is told to end, and counts how many it works for."""

    def __init__(self):
        self.now = self.most = self.done = 0
        self.end = asyncio.Event()

    async def __call__(self, scope, receive, send):
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.end.wait()
            assert (await receive())["body"] == b"asked"
            await PlainTextResponse("done")(scope, receive, send)
            self.done += 1
        finally:
            self.now -= 1


class Caller:
    """One request; `leave` closes its connection."""

    def __init__(self, app, path="/score"):
        self.messages = asyncio.Queue()
        self.messages.put_nowait({"type": "http.request", "body": b"asked", "more_body": False})
        self.status = None
        scope = {"type": "http", "method": "POST", "path": path, "headers": []}
        self.task = asyncio.ensure_future(app(scope, self.messages.get, self.send))

    async def send(self, message):
        self.status = message.get("status", self.status)

    def leave(self):
        self.messages.put_nowait({"type": "http.disconnect"})


def guarded(work, in_work=2, waiting=3):
    return Admission(work, in_work=in_work, waiting=waiting, refuse=lambda _: PlainTextResponse("busy", 429))


async def settled():
    for _ in range(10):
        await asyncio.sleep(0)


async def finished(work, callers):
    work.end.set()
    await asyncio.wait_for(asyncio.gather(*(c.task for c in callers), return_exceptions=True), 10)


def run(steps):
    asyncio.run(asyncio.wait_for(steps(), 30))


def test_so_many_work_so_many_wait_and_the_rest_is_refused_at_once():
    async def steps():
        work = Work()
        app = guarded(work)
        callers = [Caller(app) for _ in range(9)]
        await settled()
        assert work.now == 2
        assert [c.status for c in callers] == [None] * 5 + [429] * 4
        await finished(work, callers)
        assert [c.status for c in callers] == [200] * 5 + [429] * 4
        assert (work.most, work.done, app.free) == (2, 5, 2)

    run(steps)


@pytest.mark.parametrize("path", [*ALWAYS, "/console/static/page.css"])
def test_whether_it_lives_is_never_refused(path):
    async def steps():
        work = Work()
        app = guarded(work, in_work=1, waiting=0)
        callers = [Caller(app)]
        await settled()
        callers += [Caller(app), Caller(app, path), Caller(app, path)]
        await settled()
        assert callers[1].status == 429
        assert work.now == 3
        await finished(work, callers)
        assert [c.status for c in callers] == [200, 429, 200, 200]

    run(steps)


def test_whoever_leaves_the_line_frees_the_place_in_it():
    async def steps():
        work = Work()
        app = guarded(work, in_work=1, waiting=2)
        callers = [Caller(app) for _ in range(3)]
        await settled()
        callers[1].leave()
        await settled()
        assert callers[1].task.done()
        late = [Caller(app), Caller(app)]
        await settled()
        assert [c.status for c in late] == [None, 429]
        await finished(work, [*callers, *late])
        assert (work.done, app.free, len(app.line)) == (3, 1, 0)

    run(steps)


@pytest.mark.parametrize("which", [0, 1], ids=["at work", "in line"])
def test_a_request_that_is_ended_frees_its_place(which):
    async def steps():
        work = Work()
        app = guarded(work, in_work=1, waiting=1)
        callers = [Caller(app), Caller(app)]
        await settled()
        callers[which].task.cancel()
        await settled()
        late = Caller(app)
        await settled()
        assert late.status is None
        await finished(work, [*callers, late])
        assert (work.done, work.most, app.free) == (2, 1, 1)

    run(steps)


def test_leaving_and_being_let_in_at_the_same_moment_loses_no_place():
    async def steps():
        work = Work()
        app = guarded(work, in_work=1, waiting=1)
        callers = [Caller(app), Caller(app)]
        await settled()
        work.end.set()
        callers[0].task.cancel()
        callers[1].leave()
        await finished(work, callers)
        assert (app.free, len(app.line)) == (1, 0)

    run(steps)


def test_a_failure_frees_its_place():
    async def steps():
        async def fails(_scope, _receive, _send):
            raise OSError

        app = guarded(fails, in_work=1, waiting=0)
        for _ in range(3):
            caller = Caller(app)
            with pytest.raises(OSError):
                await caller.task
        assert app.free == 1

    run(steps)
