"""Our own page of a month: the figures of summary.json in words, Chinese first, and links to the drawings."""

from pathlib import Path
from typing import Any

import jinja2

from features.sources import DEPARTMENTS, SOURCES
from monitoring.report import SAMPLE_COLUMNS, SAMPLE_ROWS

TEMPLATE = Path(__file__).with_name("index.html.j2")

STATES = {
    "fresh": ("按时", "in time"),
    "late": ("迟到", "late"),
    "silent": ("视为未返回", "counted as not returned"),
    "never": ("从未送达", "never delivered"),
}


def page(summary: dict[str, Any]) -> str:
    """The HTML page of a summary; every value is escaped."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        s=summary,
        departments=DEPARTMENTS,
        tables=SOURCES,
        states=STATES,
        sample_rows=SAMPLE_ROWS,
        sample_columns=SAMPLE_COLUMNS,
    )
