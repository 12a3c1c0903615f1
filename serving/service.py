"""The HTTP service: BentoML with one application mounted at `/`.

SECURITY: nobody signs in yet. The service binds to loopback only and says so; whoever reaches the port reads
everything. It must not be put behind a proxy or on a network before access by place and need exists.
`python -m serving serve` runs it, in one process or in as many as `--workers` says; so does
`bentoml serve serving.service:Review`, with all of BentoML's layers in between.
"""

# isort: off
import serving.environment  # noqa: F401 - must come before BentoML is imported

# isort: on
import gc
from typing import Any

import bentoml
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.app import TIMEOUT, make_app
from serving.context import open_context
from serving.metrics import WARM_UP
from serving.settings import Settings, load_settings
from serving.warmup import warm_up

#: Answered by BentoML; whatever else it is asked, it asks the mounted application.
BENTOMLS = ("/livez", "/readyz", "/healthz", "/schema.json")
#: After warm-up nothing loaded so far is looked at again, and collections are rare.
COLLECT_AFTER = (50_000, 50, 50)


def _opened(settings: Settings) -> FastAPI:
    """The application on warm models; only then does anybody listen, so ready means warm."""
    context = open_context(settings)
    for question, seconds in warm_up(context).items():
        WARM_UP.labels(question).set(seconds)
    return make_app(context, settings)


SETTINGS = load_settings()
APP = _opened(SETTINGS)


@bentoml.service(
    name="dibao_review",
    workers=SETTINGS.workers,
    # Just behind the application's own limit: BentoML keeps a timer of each request for as long, and walking
    # those is what makes its slowest answers slow.
    traffic={"timeout": TIMEOUT + 1},
    http={"host": "127.0.0.1"},
    logging={"access": {"enabled": False}},  # a path names a household
    metrics={"enabled": False},  # its labels are paths; serving.metrics tells routes
    tracing={"excluded_urls": ".*"},
)
@bentoml.asgi_app(APP, path="/")
class Review:
    """Liveness and readiness are BentoML's; everything else is the mounted application's."""


class Door:
    """Asks the mounted application as BentoML would, but directly: its layers take as long as FastAPI's."""

    def __init__(self, bentomls: ASGIApp, app: ASGIApp) -> None:
        self.bentomls, self.app = bentomls, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry; start and end are BentoML's, which passes them on to the application."""
        own = scope["type"] == "http" and scope["path"] not in BENTOMLS
        await (self.app if own else self.bentomls)(scope, receive, send)


def application() -> ASGIApp:
    """What a process serves; what was loaded so far is never collected again."""
    served = Door(Review.to_asgi(), APP)  # type: ignore[attr-defined]
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    return served


def run(host: str, port: int) -> None:
    """Serve until told to stop: in this process, or in as many as `workers` says."""
    quiet: dict[str, Any] = {"log_level": "warning", "access_log": False, "server_header": False}
    if SETTINGS.workers == 1:
        uvicorn.run(application(), host=host, port=port, **quiet)
    else:
        uvicorn.run(
            "serving.service:application",
            factory=True,
            host=host,
            port=port,
            workers=SETTINGS.workers,
            **quiet,
        )
