"""The application that the service mounts: interface and console behind one set of limits."""

from fastapi import FastAPI

from serving.console.pages import make_console
from serving.context import Context
from serving.interface import make_interface
from serving.limits import BodyLimit, StrictHeaders
from serving.problems import answer_with_problems


def make_app(context: Context) -> FastAPI:
    """Interface and console on an open context; no documentation pages that load scripts from elsewhere."""
    app = FastAPI(title="dibao-review", docs_url=None, redoc_url=None)
    answer_with_problems(app)
    app.include_router(make_interface(context))
    make_console(app, context)
    app.add_middleware(BodyLimit)
    app.add_middleware(StrictHeaders)
    return app
