"""How each department writes its files: headers, words, encoding, format, and its share of bad rows."""

from dataclasses import dataclass

from features.sources import SOURCES
from features.sources.core import Kind, Source


@dataclass(frozen=True)
class Habit:
    """`headers`: zh, en, or alias (the first other header seen); `words`: Chinese words for codes."""

    headers: str = "zh"
    words: bool = True
    encoding: str = "utf-8"
    spreadsheet: bool = False
    bad_rows: float = 0.003


#: By department; a table's own habit overrides its department's.
DEPARTMENTS = {
    "civil_affairs": Habit(bad_rows=0.001),
    "public_security": Habit(headers="alias"),
    "human_resources": Habit(),
    "taxation": Habit(headers="en", words=False),
    "market_regulation": Habit(bad_rows=0.004),
    "financial": Habit(headers="en", words=False, bad_rows=0.006),
    "natural_resources": Habit(bad_rows=0.004),
    "housing": Habit(headers="en", words=False),
    "medical_insurance": Habit(headers="alias", bad_rows=0.002),
    "disability": Habit(encoding="gb18030", bad_rows=0.008),
    "education": Habit(encoding="utf-8-sig"),
    "agriculture": Habit(bad_rows=0.008),
    "utilities": Habit(headers="en", words=False, bad_rows=0.002),
}
TABLES = {
    "residents": Habit(headers="alias", bad_rows=0.0004),
    "custody": Habit(headers="alias", spreadsheet=True),
    "household_register": Habit(bad_rows=0.0006),
    "household_members": Habit(bad_rows=0.0006),
    "verifications": Habit(headers="en", words=False, bad_rows=0.002),
    "outreach": Habit(headers="en", words=False, bad_rows=0.002),
}


def habit_of(source: Source) -> Habit:
    """The habit of one table."""
    return TABLES.get(source.name, DEPARTMENTS[source.department])


def headers(source: Source, habit: Habit) -> list[str]:
    """Header of each declared column, in order; an alias never repeats another column's header."""
    if habit.headers == "en":
        return [column.name for column in source.columns]
    used: set[str] = set()
    result = []
    for column in source.columns:
        choices = [
            *(column.aliases if habit.headers == "alias" and column.kind is Kind.ID_NO else ()),
            column.zh,
        ]
        header = next((choice for choice in choices if choice not in used), column.name)
        used.add(header)
        result.append(header)
    return result


def words(source: Source, name: str, habit: Habit) -> dict[str, str]:
    """What the department writes for each code of a column."""
    domain = source.column(name).domain or {}
    return {code: (texts[0] if habit.words else code) for code, texts in domain.items()}


assert set(DEPARTMENTS) == {source.department for source in SOURCES.values()}
