"""A computation as lines: what the judge kept, put into order with source, dates and article.

Nothing is computed here: every value is read from `features.rules.trace.steps` or from the parameters, so
that the lines cannot say anything else than the judgement.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from features.parameters import Parameters
from features.rules.clocks import Reading
from features.rules.eligibility import ARTICLE_HOUSEHOLD, ARTICLE_INCOME
from features.rules.facts.households import MARGINAL
from features.rules.missing import MISSING_ITEMS
from features.rules.states import ANSWERED
from features.rules.trace.steps import SUPPLEMENTS
from features.rules.trace.words import ALSO_WORDS, STATES, WORDS
from features.sources import DEPARTMENTS, SOURCES
from features.sources.core import Plane

Row = Mapping[str, Any]

ARTICLE_AMOUNT = "《最低生活保障审核确认办法》第二十三条"
#: Whoever uses a record sees to it that it is right, and the person's.
ARTICLE_WHOSE = "《个人信息保护法》第八条"
#: Kinds of a member's income, in the order of the page: those that count, then what is left out of account.
COUNTED = (
    "wages",
    "labour",
    "employment_cost",
    "business",
    "pension",
    "pension_left_out",
    "unemployment",
    "land",
    "old_age_allowance",
    "disability_allowance",
)
NOT_COUNTED = ("wage_unknown", "land_left_out", "programmes_left_out")
#: Income that is none of work -> its kind in art. 13, which a place may leave out of account.
KINDS = {
    "business": "business",
    "interest": "property",
    **dict.fromkeys(COUNTED[COUNTED.index("pension") :], "transfer"),
}
#: Income -> the parameter it rests on; of any other, art. 13 itself.
RESTS_ON = {
    "employment_cost": "necessary_employment_cost_yuan",
    "pension_left_out": "resident_basic_pension_not_counted_yuan",
    "land_left_out": "land_subsidy_counted",
    "wage_unknown": "contribution_base_floor_yuan",
    "old_age_allowance": "income_exempt",
    "disability_allowance": "income_exempt",
}
#: Line of property -> its source, its column among the facts, unit, prefix of its dates, parameter.
PROPERTY = {
    "deposits": ("balances", "deposit_fen", "yuan", "deposit", "deposit_limit_months"),
    "cars": ("vehicles", "cars", "count", "car", "vehicle_value_limit_yuan"),
    "dwellings": ("real_estate", "dwellings", "count", "home", "dwellings_limit"),
    "shops": ("real_estate", "shops", "count", "home", "shops_limit"),
    "companies": ("entities", "companies", "count", "entity", "company_capital_limit_yuan"),
}
#: Line of property -> a second limit, told where the locality has one.
ALSO = {
    "cars": "vehicles_limit",
    "dwellings": "dwelling_area_limit_m2",
    "companies": "market_entities_limit",
}
YEAR, MONTH = "yuan/year", "yuan/month"


@dataclass(frozen=True)
class Line:
    """One step. value: exact yuan, a count, or None: nothing is known; counts: whether it enters the sum.

    counts is None where a line only may count (an unknown wage). member: place in `Trace.members`, from 1.
    total: a sum or a result. state: why there is no value, or whether a limit is kept (a key of `STATES`).
    """

    section: str
    code: str
    zh: str
    en: str
    value: Decimal | int | None
    unit: str
    counts: bool | None = True
    member: int | None = None
    total: bool = False
    state: str | None = None
    source: str | None = None
    first_on: date | None = None
    event_on: date | None = None
    known_on: date | None = None
    article: str | None = None

    @property
    def department(self) -> str | None:
        """The department whose record it rests on."""
        return SOURCES[self.source].department if self.source else None


@dataclass(frozen=True)
class Member:
    """Somebody listed, without name or number: relation as the file says, age in whole years."""

    relation: str | None
    age: int | None


@dataclass(frozen=True)
class Trace:
    """The whole computation of one household as of a date."""

    number: str | None
    as_of: date
    district: str
    urban_rural: str
    category: str | None
    eligibility: str
    article: str
    missing_item: str | None
    entitled_low_yuan: Decimal
    entitled_high_yuan: Decimal
    benefit_yuan: Decimal | None
    members: tuple[Member, ...]
    lines: tuple[Line, ...]
    clocks: tuple[Reading, ...] = field(default=())

    def record(self) -> dict[str, Any]:
        """As data: money as text, dates in ISO form."""
        told = {
            name: value for name, value in vars(self).items() if name not in ("members", "lines", "clocks")
        }
        return {
            **told,
            "members": [vars(member) for member in self.members],
            "lines": [_told(line) for line in self.lines],
            "clocks": [_told_clock(reading) for reading in self.clocks],
        }


def trace_of(
    home: Row,
    members: Iterable[Row],
    incomes: Iterable[Row],
    parameters: Parameters,
    as_of: date,
    clocks: Iterable[Reading] = (),
    doubts: Mapping[str, int] | None = None,
) -> Trace:
    """The lines of one household.

    home: its row of `household_steps`; members, incomes: its rows of `member_steps` and `income_steps`. A
    member may say `relation`; doubts: source -> records under a member's number and another's name, which no
    rule saw. The order of the lines does not depend on the order of the rows.
    """
    people = sorted(members, key=lambda row: (row["born_on"] or date.max, row["person_id"]))
    law = _Law(parameters, home["district_code"], home["urban_rural"], as_of)
    places = {row["person_id"]: place for place, row in enumerate(people, 1)}
    return Trace(
        number=home["number"],
        as_of=as_of,
        district=home["district_code"],
        urban_rural=home["urban_rural"],
        category=home["category"],
        eligibility=home["eligibility"],
        article=home["article"],
        missing_item=home["missing_item"],
        entitled_low_yuan=_yuan(home["entitled_low_fen"]) or Decimal(0),
        entitled_high_yuan=_yuan(home["entitled_high_fen"]) or Decimal(0),
        benefit_yuan=_yuan(home["benefit_fen"]),
        members=tuple(Member(row.get("relation"), _age(row["born_on"], as_of)) for row in people),
        lines=(
            *_member_lines(home, people),
            *_income_lines(home, list(incomes), places, law),
            *_doubt_lines(doubts or {}),
            *_line_lines(home, law),
            *_property_lines(home, law),
            *_amount_lines(home, law),
        ),
        clocks=tuple(clocks),
    )


@dataclass(frozen=True)
class _Law:
    """The parameters of one place and date."""

    parameters: Parameters
    district: str
    urban_rural: str
    on: date

    def value(self, name: str) -> Any:
        return self.parameters.value(name, self.district, self.urban_rural, self.on)

    def reference(self, name: str) -> str:
        dated = self.parameters.dated(name, self.district, self.urban_rural, self.on)
        return dated.reference or self.parameters.parameter(name, self.district).reference


def _line(section: str, code: str, value: Any, unit: str, fill: Row | None = None, **told: Any) -> Line:
    zh, en = (words.format(**fill) if fill else words for words in WORDS[code])
    return Line(section, code, zh, en, value, unit, **told)


def _member_lines(home: Row, people: list[Row]) -> Iterable[Line]:
    sources = {"death": "deaths", "cancelled": "residents", "custody": "custody"}
    for place, row in enumerate(people, 1):
        why = row["why"]
        yield _line(
            "members", f"member_{why}" if why else "member", 0 if why else 1, "persons",
            counts=why is None, member=place, source=sources.get(why, "household_members"),
            event_on=row["gone_on"], known_on=row["gone_known_on"], article=ARTICLE_HOUSEHOLD,
        )  # fmt: skip
    yield _line("members", "persons", home["persons"], "persons", total=True, article=ARTICLE_HOUSEHOLD)


def _income_lines(home: Row, incomes: list[Row], places: Mapping[str, int], law: _Law) -> Iterable[Line]:
    if home["gross_year_fen"] is None:
        return  # without the locality's parameters nobody knows what counts
    order = {code: number for number, code in enumerate((*COUNTED, *NOT_COUNTED))}
    for row in sorted(incomes, key=lambda row: (places[row["person_id"]], order[row["code"]])):
        yield _if_counted(home, _of_member(row, places[row["person_id"]], law), law)
    if home["interest_year_fen"]:
        line = _household(home, "interest", "interest_year_fen", "balances", "deposit")
        yield _if_counted(home, line, law)
    yield _household(home, "gross", "gross_year_fen", total=True)
    if home["deduction_year_fen"]:
        share = f"{law.value('medical_deduction_share_max') * 100:.0f}%"
        line = _household(
            home, "deduction", "deduction_year_fen", "settlements", "self_paid", {"share": share}
        )
        yield replace(_negative(line), article=law.reference("medical_deduction_share_max"))
        yield _household(home, "recorded", "income_recorded_year_fen", total=True)
    yield from _declared_lines(home)
    if home["assumed_year_fen"]:
        line = _household(home, "assumed", "assumed_year_fen")
        yield replace(line, article=law.reference("earnings_assumed"))
    yield _household(home, "income_low", "income_low_year_fen", total=True)
    for code, source in (("wage_bound", "withholding"), ("pension_bound", "pensions")):
        if home[f"{code}_year_fen"]:
            yield replace(
                _household(home, code, f"{code}_year_fen", source), counts=None, state=_state(home, source)
            )
    if home["income_high_year_fen"] != home["income_low_year_fen"]:
        yield _household(home, "income_high", "income_high_year_fen", total=True)


def _doubt_lines(doubts: Mapping[str, int]) -> Iterable[Line]:
    for source in sorted(name for name, count in doubts.items() if count):
        yield _line(
            "income", "doubtful", doubts[source], "records",
            counts=False, source=source, article=ARTICLE_WHOSE,
        )  # fmt: skip


def _of_member(row: Row, place: int, law: _Law) -> Line:
    article = RESTS_ON.get(row["code"])
    counts = None if row["code"] == "wage_unknown" else row["code"] not in NOT_COUNTED
    return _line(
        "income", row["code"], _yuan(row["amount_fen"]), YEAR, counts=counts, member=place,
        source=row["source"], first_on=row["first_on"], event_on=row["last_on"], known_on=row["known_on"],
        article=law.reference(article) if article else ARTICLE_INCOME,
    )  # fmt: skip


def _if_counted(home: Row, line: Line, law: _Law) -> Line:
    """The line, or the same left out of account where the place does not count such income."""
    if line.code in NOT_COUNTED and line.code != "wage_unknown":
        return line
    if not home[f"law_income_kinds_counted_{KINDS.get(line.code, 'wages')}"]:
        return replace(line, counts=False, state="left_out", article=law.reference("income_kinds_counted"))
    exempt = home.get(f"law_income_exempt_{line.code}", False)
    return replace(line, counts=False, state="left_out") if exempt else line


def _declared_lines(home: Row) -> Iterable[Line]:
    code = "declared_doubtful" if home["declared_doubtful"] else "declared"
    if home["declared_low_year_fen"] is None:
        code = "declared_missing"
    line = _household(home, code, "declared_low_year_fen", "household_register")
    yield replace(line, counts=None, event_on=home["granted_on"], known_on=home["register_known_on"])
    if home["wages_fallen_year_fen"] and home["declared_low_year_fen"]:
        fallen = _household(home, "fallen", "wages_fallen_year_fen", "contributions", "earned")
        yield replace(_negative(fallen), counts=None)


def _household(
    home: Row, code: str, column: str, source: str | None = None, dates: str | None = None,
    fill: Row | None = None, total: bool = False,
) -> Line:  # fmt: skip
    """A line of the household's income; `dates`: prefix of the fact's dates."""
    return _line(
        "income", code, _yuan(home[column]), YEAR, fill, total=total, source=source, article=ARTICLE_INCOME,
        event_on=home[f"{dates}_on"] if dates else None,
        known_on=home[f"{dates}_known_on"] if dates else None,
    )  # fmt: skip


def _negative(line: Line) -> Line:
    return replace(line, value=None if line.value is None else -line.value)


def _line_lines(home: Row, law: _Law) -> Iterable[Line]:
    if home["line_fen"] is None:
        return
    reference = law.reference("standard")
    yield _line("line", "standard", _yuan(home["law_standard_fen"]), MONTH, article=reference)
    heads = {"heads": home["persons"]}
    yield _line(
        "line", "line", _yuan(home["line_year_fen"]), YEAR, heads, total=True, article=_line_article(home)
    )
    yield _line(
        "line",
        "per_head",
        _yuan(home["per_head_low_fen"]),
        MONTH,
        state=_over(home["over_line"]),
        article=ARTICLE_INCOME,
    )
    if home["income_high_year_fen"] != home["income_low_year_fen"]:
        over = None if home["over_line"] else _over(not home["under_line"])
        yield _line(
            "line",
            "per_head_high",
            _yuan(home["per_head_high_fen"]),
            MONTH,
            state=over,
            article=ARTICLE_INCOME,
        )


def _line_article(home: Row) -> str:
    """The article that gives the category its line."""
    if home["category"] in MARGINAL:
        return "《最低生活保障审核确认办法》第八条"
    return "《特困人员认定办法》" if home["category"] == "tekun" else "《最低生活保障审核确认办法》第四条"


def _over(over: bool | None) -> str:
    return "over" if over else "within"


def _property_lines(home: Row, law: _Law) -> Iterable[Line]:
    if home["line_fen"] is None:
        return
    for code, (source, column, unit, dates, name) in PROPERTY.items():
        state = _state(home, source)
        answered = state in ANSWERED
        value = _yuan(home[column]) if unit == "yuan" else home[column]
        limit = _yuan(home["deposit_limit_all_fen"]) if code == "deposits" else law.value(name)
        over = home[f"passed_{code}"]
        if answered:
            state = _doubt(home, code) or _over(over)
        yield _line(
            "property", code, value if answered else None, unit, _limits(home, code, limit, law),
            counts=over if answered else None, state=state, source=source,
            event_on=home[f"{dates}_on"] if answered else None,
            known_on=home[f"{dates}_known_on"] if answered else None, article=law.reference(name),
        )  # fmt: skip


def _limits(home: Row, code: str, limit: Any, law: _Law) -> Row:
    """What the words of a limit are filled with: `also` is empty where no second one can touch the family.

    A limit on the number, or on the area of several homes, says nothing to who holds a single one.
    """
    second = law.value(ALSO[code]) if code in ALSO else None
    told = second is not None and home[PROPERTY[code][1]] > min(second, 1)
    zh, en = (words.format(limit=_plain(second)) for words in ALSO_WORDS[code]) if told else ("", "")
    return {"limit": _plain(limit), "also_zh": zh, "also_en": en}


def _doubt(home: Row, code: str) -> str | None:
    """Something is registered that settles nothing by itself."""
    if code == "cars" and home["cars_unpriced"] and not home["passed_cars"]:
        return "unpriced"
    if code == "companies" and home["company_over"] and not home["business_year_fen"]:
        return "to_check"
    return None


def _state(home: Row, source: str) -> str:
    """What the source answered; of plane A nothing is said without the family's authorisation."""
    if SOURCES[source].plane is Plane.A and not home["authorised"]:
        return "not_authorised"
    state = home.get(f"{source}_state", ANSWERED[0])
    return state if state in (*ANSWERED, *STATES) else "not_returned"


def _amount_lines(home: Row, law: _Law) -> Iterable[Line]:
    eligible = home["eligibility"]
    if eligible == "not_eligible":
        yield _line("amount", "entitled_nothing", Decimal(0), MONTH, total=True, article=home["article"])
    elif home["category"] in MARGINAL or home["line_fen"] is None:
        yield _line("amount", "no_amount", None, MONTH, total=True, article=home["article"])
    else:
        case = "low" if eligible == "eligible" else "high"
        yield from _case_lines(home, case, law)
        if case == "low" and home["entitled_high_fen"] != home["entitled_low_fen"]:
            most = _yuan(home["entitled_high_fen"])
            yield _line("amount", "entitled_most", most, MONTH, total=True, article=ARTICLE_AMOUNT)
    yield _line(
        "amount", "benefit", _yuan(home["benefit_fen"]), MONTH, counts=None, source="household_register",
        event_on=home["granted_on"], known_on=home["register_known_on"],
    )  # fmt: skip


def _case_lines(home: Row, case: str, law: _Law) -> Iterable[Line]:
    """From the year's difference to the month's amount; `low` rests on the highest income."""
    apart = home["income_high_year_fen"] != home["income_low_year_fen"]
    code = "basis_high" if case == "low" and apart else "basis"
    code = "basis_tekun" if home["category"] == "tekun" else code
    basis = home[f"basis_{case}_fen"]
    yield _line("amount", code, _yuan(basis), YEAR, counts=None, article=ARTICLE_AMOUNT)
    rounding = law.reference("rounding_yuan")
    yield _line("amount", "rounded", _yuan(home[f"rounded_{case}_fen"]), MONTH, article=rounding)
    for kind, column in SUPPLEMENTS.items():
        if basis and home[f"supplement_{kind}_fen"]:
            reference = law.reference(column.removeprefix("law_").removesuffix("_fen") + "_yuan")
            value = _yuan(home[f"supplement_{kind}_fen"])
            yield _line("amount", f"supplement_{kind}", value, MONTH, article=reference)
    total = "entitled" if case == "low" else "entitled_most"
    yield _line(
        "amount", total, _yuan(home[f"entitled_{case}_fen"]), MONTH, total=True, article=ARTICLE_AMOUNT
    )


def missing(trace: Trace) -> tuple[str, str] | None:
    """The one thing that would settle it (zh, en); None where nothing is missing."""
    return MISSING_ITEMS[trace.missing_item] if trace.missing_item else None


def department_name(line: Line) -> tuple[str, str] | None:
    """The department's name (zh, en)."""
    return DEPARTMENTS[line.department] if line.department else None


def _yuan(fen: int | None) -> Decimal | None:
    """Whole fen as yuan with two places."""
    return None if fen is None else Decimal(fen).scaleb(-2)


def _plain(value: Any) -> str:
    """A limit as people write it."""
    return "—" if value is None else f"{Decimal(value):,.2f}".removesuffix(".00")


def _age(born_on: date | None, as_of: date) -> int | None:
    if born_on is None:
        return None
    return as_of.year - born_on.year - ((as_of.month, as_of.day) < (born_on.month, born_on.day))


def _told(line: Line) -> dict[str, Any]:
    return {**vars(line), "department": line.department}


def _told_clock(reading: Reading) -> dict[str, Any]:
    clock = reading.clock
    told = {name: value for name, value in vars(reading).items() if name not in ("clock", "why")}
    why = {"zh": reading.why[0], "en": reading.why[1]} if reading.why else None
    return {"code": clock.code, "zh": clock.zh, "en": clock.en, **told, "why": why}
