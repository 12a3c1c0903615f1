"""The application that the service mounts: interface and console behind one set of limits."""

from fastapi import FastAPI

from serving.console.pages import Pages, make_console
from serving.context import Context
from serving.interface import make_interface
from serving.limits import BodyLimit, StrictHeaders
from serving.problems import Problem, answer_with_problems


def make_app(context: Context) -> FastAPI:
    """Interface and console on an open context; no documentation pages that load scripts from elsewhere."""
    app = FastAPI(title="dibao-review", docs_url=None, redoc_url=None)
    pages = Pages()
    answer_with_problems(app, pages.error)
    app.include_router(make_interface(context))
    make_console(app, context, pages)

    # BentoML asks the app for each path and would answer in plain text what no route here claims.
    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    async def nowhere(path: str) -> None:
        raise Problem(404, "There is nothing at this address; see /openapi.json.")

    app.add_middleware(BodyLimit)
    app.add_middleware(StrictHeaders)
    return app
