"""How long answers take, by route and status: what `/metrics` tells. The only file that knows Prometheus.

A route is named by its template, `/households/{household_id}`, never by the path that was asked: a path names
a household. BentoML's own histogram is labelled with paths and is therefore switched off.
"""

import os
import time

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Seconds; one household takes a few thousandths, a street's list some hundredths, BentoML ends it after 5.
BUCKETS = (0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
#: Where no route was reached: refused before, or nobody's address.
NO_ROUTE = "none"
METHODS = ("GET", "POST")

SECONDS = Histogram(
    "dibao_request_seconds",
    "Seconds from a request's arrival to the end of its answer, waiting in line included",
    ("method", "route", "status"),
    buckets=BUCKETS,
)
WARM_UP = Gauge(
    "dibao_warm_up_seconds",
    "Seconds that scoring and explaining took before the service was ready",
    ("question",),
    multiprocess_mode="max",
)


class Timed:
    """Notes how long each answer took."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, outer, status = time.perf_counter(), scope.get("route"), "none"

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, sent)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            reached = scope.get("route")
            route = NO_ROUTE if reached is outer else getattr(reached, "path", NO_ROUTE)
            SECONDS.labels(method, route, status).observe(time.perf_counter() - began)


def told() -> Response:
    """All figures in Prometheus's text form, of every process that serves."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
