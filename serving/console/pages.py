"""The pages of the console: choose a street and a list, see the list, see one household.

SECURITY: nobody signs in yet, so the service answers on loopback only; every look is written to the log.
Pages carry no script and nothing inline.
"""

from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from serving.casework.actions import record_view
from serving.casework.database import reading
from serving.casework.reading import list_page, newest_run, streets
from serving.casework.tables import KINDS
from serving.console.views import household_view, item_view, moved_line, street_rows
from serving.context import LOCAL, Context
from serving.interface import check_kind, find_household, required
from serving.messages import LANGUAGES, text
from serving.places import street_name
from serving.requests import HOUSEHOLD_ID, STREET

#: What a page says of a status; of any other, that there is nothing, or from 500 on that the service failed.
FAULTS = {429: "busy", 504: "late"}
HERE = FilePath(__file__).parent
COOKIE = "dibao_language"
YEAR = 365 * 24 * 3600
#: A street's list of one month fits on one page; the limit keeps a mistake from filling a browser.
Language = Annotated[str | None, Query(alias="lang", pattern="^(zh|en)$")]


def make_console(app: FastAPI, context: Context, pages: "Pages") -> None:
    """Add pages and style sheets to the app."""
    app.mount("/console/static", StaticFiles(directory=HERE / "static"), name="static")

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def choose(request: Request, lang: Language = None) -> Response:
        with reading(context.engine) as connection:
            run = newest_run(connection)
            counted = streets(connection, run.run_id) if run else []
        language = language_of(request, lang)
        rows = street_rows(run, counted, language) if run else []
        return pages.page("choose.html", request, lang, run=run, streets=rows, kinds=KINDS)

    @app.get("/console/lists/{kind}", response_class=HTMLResponse, include_in_schema=False)
    def one_list(
        request: Request, kind: str, street: Annotated[str, Query(pattern=STREET)], lang: Language = None
    ) -> Response:
        check_kind(kind)
        with reading(context.engine) as connection:
            run = required(newest_run(connection))
            _, items = list_page(connection, run.run_id, kind, street)
        record_view(
            context.engine, by=LOCAL, action="list_viewed", subject=f"{kind}/{street}",
            detail={"through": "console", "run": run.run_id},
        )  # fmt: skip
        language = language_of(request, lang)
        name = street_name(street, run.dictionary["districts"], language)
        rows = [item_view(item, language) for item in items]
        return pages.page(
            "list.html", request, lang, run=run, kind=kind, street=street, street_name=name, items=rows,
            moved=moved_line(run, kind, language),
        )  # fmt: skip

    @app.get("/console/households/{household_id}", response_class=HTMLResponse, include_in_schema=False)
    def household(
        request: Request, household_id: Annotated[str, Path(pattern=HOUSEHOLD_ID)], lang: Language = None
    ) -> Response:
        run, found = find_household(context, household_id, by="console")
        view = household_view(run, found, language_of(request, lang))
        return pages.page("household.html", request, lang, run=run, home=view)


class Pages:
    """Templates with the words of one language at hand."""

    def __init__(self) -> None:
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(self, template: str, request: Request, lang: str | None, **values: Any) -> HTMLResponse:
        """Render; a language chosen in the address is kept for a year in a cookie."""
        language = language_of(request, lang)
        other = next(code for code in LANGUAGES if code != language)

        def words(code: str, **filled: object) -> str:
            return text(code, language, **filled)

        html = self.templates.get_template(template).render(
            **values,
            t=words,
            language=language,
            html_language="zh-CN" if language == "zh" else "en",
            other_language="zh-CN" if other == "zh" else "en",
            switch=str(request.url.include_query_params(lang=other).replace(scheme="", netloc="")),
        )
        answer = HTMLResponse(html)
        if lang:
            answer.set_cookie(COOKIE, lang, max_age=YEAR, httponly=True, samesite="strict")
        return answer

    def error(self, request: Request, status: int) -> HTMLResponse:
        """The page for something that is not there, was asked wrongly, or failed; it repeats nothing sent."""
        language = request.query_params.get("lang")
        chosen = language if language in LANGUAGES else None
        fault = FAULTS.get(status, "failed" if status >= 500 else "not_found")
        page = self.page("error.html", request, chosen, run=None, fault=fault)
        page.status_code = status
        return page


def language_of(request: Request, lang: str | None) -> str:
    """The language asked for in the address, or kept in the cookie, or Chinese."""
    kept = request.cookies.get(COOKIE, "")
    return lang or (kept if kept in LANGUAGES else LANGUAGES[0])
