"""Whether a score request can be answered as it was meant: known names, and nothing known too late.

What nobody knows would be dropped without a word: a misspelt table counts as one that did not answer, and may
leave a household without a score.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from serving.context import Context
from serving.messages import both
from serving.problems import Problem, is_plain
from serving.requests import AskedHousehold

#: So many fields are named; their count is told in any case.
MOST_NAMED = 20


def check_asked(context: Context, as_of: date, homes: Sequence[tuple[AskedHousehold, str]]) -> None:
    """`Problem` 422 that names the fields at fault; `homes` come with the fields they were sent in."""
    if all(_fits(context, as_of, home) for home, _ in homes):
        return
    faults = [
        {"field": f"{place}.{field}", "message": message}
        for home, place in homes
        for field, message in _faults(context, as_of, home)
    ]
    words = "{zh} / {en}".format(**both("asked_otherwise")).format(n=len(faults))
    raise Problem(422, words, faults[:MOST_NAMED])


def _fits(context: Context, as_of: date, home: AskedHousehold) -> bool:
    """The same in a few millionths of a second, for the many requests that are right."""
    if not (context.feature_names.issuperset(home.profile) and context.tables.issuperset(home.sources)):
        return False
    return all(answer.known_on is None or answer.known_on <= as_of for answer in home.sources.values())


def _faults(context: Context, as_of: date, home: AskedHousehold) -> Iterator[tuple[str, str]]:
    for name in sorted(set(home.profile) - context.feature_names):
        yield f"profile.{_told(name)}", "unknown feature"
    for name, answer in sorted(home.sources.items()):
        if name not in context.tables:
            yield f"sources.{_told(name)}", "unknown table"
        elif answer.known_on and answer.known_on > as_of:
            yield f"sources.{name}.known_on", "later than as_of"


def _told(name: str) -> str:
    return name if is_plain(name) else "?"
