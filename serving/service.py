"""The HTTP service: BentoML with one application mounted at `/`.

SECURITY: nobody signs in yet. The service binds to loopback only and says so; whoever reaches the port reads
everything. It must not be put behind a proxy or on a network before access by place and need exists.
`python -m serving serve` runs it in one process; `bentoml serve serving.service:Review` does with workers.
"""

# isort: off
import serving.environment  # noqa: F401 - must come before BentoML is imported

# isort: on
import gc

import bentoml
import uvicorn

from serving.app import make_app
from serving.context import open_context
from serving.settings import load_settings

#: Seconds an answer may take, pages included. Short, because BentoML keeps a timer of each request for as
#: long, and walking those is what makes its slowest answers slow.
TIMEOUT = 5
#: After warm-up nothing loaded so far is looked at again, and collections are rare.
COLLECT_AFTER = (50_000, 50, 50)

APP = make_app(open_context(load_settings()))


@bentoml.service(
    name="dibao_review",
    workers=1,
    traffic={"timeout": TIMEOUT},
    http={"host": "127.0.0.1"},
    logging={"access": {"enabled": False}},  # a path names a household
)
@bentoml.asgi_app(APP, path="/")
class Review:
    """Health, readiness and metrics are BentoML's; everything else is the mounted application's."""


def run(host: str, port: int) -> None:
    """Serve in this process until it is told to stop."""
    application = Review.to_asgi()  # type: ignore[attr-defined]
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    uvicorn.run(application, host=host, port=port, log_level="warning", access_log=False, server_header=False)
