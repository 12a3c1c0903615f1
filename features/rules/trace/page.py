"""The page a family reads: the computation on one sheet of A4, Chinese first, English beside."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from features.identity.masking import masked
from features.rules.trace import shown
from features.rules.trace.lines import Trace

#: Most rows at each size of type, largest first: a small family's page is set larger, and all fit one sheet.
SIZES = ((14, "large"), (23, "middle"), (36, "small"))
SMALLEST = "smallest"


def page(trace: Trace, place: str, reason: str | None = None) -> str:
    """The page as text.

    place: the district as people call it. The household's number is masked unless a `reason` is given, which
    then stands on the page.
    """
    templates = Environment(
        loader=PackageLoader("features.rules.trace", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template("page.html.j2").render(
        trace=trace,
        place=place,
        reason=reason,
        number=trace.number if reason else masked(trace.number),
        size=size_of(trace),
        shown=shown,
    )


def size_of(trace: Trace) -> str:
    """The largest size of type at which so many lines fit one sheet; a clock's sentence may take two."""
    rows = len(shown.on_page(trace)) + 2 * len(shown.clock_lines(trace))
    return next((size for most, size in SIZES if rows <= most), SMALLEST)
