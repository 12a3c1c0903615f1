"""The application that the service mounts: interface and console behind one set of limits."""

from fastapi import FastAPI, Request
from fastapi.responses import Response

from serving import metrics
from serving.admission import RETRY_SECONDS, Admission
from serving.console.pages import Pages, make_console
from serving.context import Context
from serving.interface import make_interface
from serving.limits import BodyLimit, StrictHeaders, TimeLimit
from serving.messages import both
from serving.problems import Problem, answer_with_problems, is_page, problem_response
from serving.settings import Settings

#: Seconds an answer may take, pages and the time in line included.
TIMEOUT = 5.0
BUSY, LATE = 429, 504


def make_app(context: Context, settings: Settings) -> FastAPI:
    """Interface and console on an open context; no documentation pages that load scripts from elsewhere."""
    app = FastAPI(title="dibao-review", docs_url=None, redoc_url=None)
    pages = Pages()
    answer_with_problems(app, pages.error)
    app.include_router(make_interface(context))
    make_console(app, context, pages)

    @app.get("/metrics", include_in_schema=False)
    def figures() -> Response:
        return metrics.told()

    # BentoML asks the app for each path and would answer in plain text what no route here claims.
    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    async def nowhere(path: str) -> None:
        raise Problem(404, "There is nothing at this address; see /openapi.json.")

    def busy(request: Request) -> Response:
        told = _told(pages, request, BUSY, "busy_remedy")
        told.headers["retry-after"] = str(RETRY_SECONDS)
        return told

    def late(request: Request) -> Response:
        return _told(pages, request, LATE, "late_remedy")

    # The last one added is the first one asked.
    app.add_middleware(Admission, in_work=settings.in_work, waiting=settings.waiting, refuse=busy)
    app.add_middleware(BodyLimit)
    app.add_middleware(TimeLimit, seconds=TIMEOUT, late=late)
    app.add_middleware(metrics.Timed)
    app.add_middleware(StrictHeaders)
    return app


def _told(pages: Pages, request: Request, status: int, remedy: str) -> Response:
    """What a limit says: to a person as a page, to a program as a problem."""
    if is_page(request):
        return pages.error(request, status)
    return problem_response(status, "{zh} / {en}".format(**both(remedy)))
