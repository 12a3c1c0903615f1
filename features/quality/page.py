"""The page a department head reads: one HTML file without scripts or anything from elsewhere."""

import os
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from features.quality import shown
from features.quality.core import GROUPS
from features.quality.counts import LEAST
from features.sources import DEPARTMENTS


def page(report: dict[str, Any], districts: set[str]) -> str:
    """The page as text; `districts`: codes of the districts whose streets are listed (none: all)."""
    templates = Environment(
        loader=PackageLoader("features.quality", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    told = templates.get_template("page.html.j2")
    return told.render(
        report=report,
        groups={group.value: words for group, words in GROUPS.items()},
        departments=DEPARTMENTS,
        streets=shown.street_codes(report["measures"], districts),
        shown=shown,
        least=LEAST,
    )


def write_page(path: Path, text: str) -> None:
    """Write the page whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.partial")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
