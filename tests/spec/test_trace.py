"""The lines of a computation add up to the judgement, to the fen, for every situation policy staff wrote."""

from decimal import Decimal
from pathlib import Path

import pytest

from features import parameters
from features.plan import day
from features.rules.core import Universe
from features.rules.facts.rows import Tables
from features.rules.situations import Judged, Situation, load_situations, run_situations
from features.rules.trace.lines import Line, Trace
from features.rules.trace.reading import read_traces
from features.sources import SOURCES
from features.sources.core import Plane

FOLDER = Path(__file__).parent / "situations"
LISTED = [
    situation
    for file in sorted(FOLDER.glob("*.yaml"))
    for situation in load_situations(file)
    if situation.universe is Universe.ON_FILE
]


#: Lines that enter the income used, but not the income on record.
APART = ("deduction", "assumed")


def traced(judged: Judged) -> dict[str, Trace]:
    tables: Tables = judged.tables
    return read_traces(judged.plan, tables, day("as_of"), judged.parameters, judged.as_of)


@pytest.fixture(scope="module")
def judged() -> list[tuple[Situation, dict, Trace]]:
    """Each situation with what the rules say of it and its lines, from one run of the judge."""

    def both(city: Judged) -> dict[str, tuple[dict, Trace]]:
        rows = city.plan.connection.to_pyarrow(city.plan.table("judgements")).to_pylist()
        traces = traced(city)
        return {row["household_id"]: (row, traces[row["household_id"]]) for row in rows}

    answers = run_situations(LISTED, parameters.load(), both)
    return [(situation, *answer) for situation, answer in zip(LISTED, answers, strict=True)]


def by_code(trace: Trace, section: str) -> dict[str, Line]:
    return {line.code: line for line in trace.lines if line.section == section}


def total(lines: list[Line]) -> Decimal:
    return sum((line.value for line in lines), Decimal(0))


def down(year: Decimal) -> Decimal:
    """A year's yuan as a month's, rounded down to the fen."""
    return Decimal(int(year * 100) // 12).scaleb(-2)


def test_incomes_of_members_add_up_to_the_income_the_rules_used(judged) -> None:
    for situation, row, trace in judged:
        lines = [line for line in trace.lines if line.section == "income"]
        kinds = [line for line in lines if line.counts and not line.total and line.code not in APART]
        named = by_code(trace, "income")
        if not named:
            assert row["missing_item"] == "parameters"
            continue
        assert total(kinds) == named["gross"].value, situation.name
        recorded = named["gross"].value
        if "deduction" in named:
            recorded += named["deduction"].value
            assert recorded == named["recorded"].value, situation.name
        stated = named["declared"].value if named.get("declared") else Decimal(0)
        if named.get("declared_doubtful"):
            stated = named["declared_doubtful"].value
        if "fallen" in named:
            stated = max(stated + named["fallen"].value, Decimal(0))
        assumed = named["assumed"].value if "assumed" in named else Decimal(0)
        assert named["income_low"].value == max(recorded, stated or Decimal(0)) + assumed, situation.name
        assert down(named["income_low"].value) == row["income_low_yuan"], situation.name
        high = named.get("income_high", named["income_low"])
        assert down(high.value) == row["income_high_yuan"], situation.name


def test_what_a_place_counts_or_leaves_out_is_told_either_way(judged) -> None:
    lines = [line for _, _, trace in judged for line in trace.lines if line.section == "income"]
    assert "assumed" in {line.code for line in lines}
    told = {(line.code, line.counts) for line in lines}
    assert {("old_age_allowance", True), ("old_age_allowance", False)} <= told
    left_out = [line for line in lines if line.state == "left_out"]
    assert left_out
    assert all(line.counts is False for line in left_out)


def test_the_amounts_lines_add_up_to_what_is_due(judged) -> None:
    seen = set()
    for situation, row, trace in judged:
        named = by_code(trace, "amount")
        parts = [line for line in named.values() if line.code == "rounded" or line.code[:10] == "supplement"]
        due = named.get("entitled") or named.get("entitled_most") or named.get("entitled_nothing")
        if due is None:
            assert "no_amount" in named
            continue
        seen.add(due.code)
        assert total(parts) == due.value, situation.name
        if due.code == "entitled":
            assert due.value == row["entitled_low_yuan"]
            most = named.get("entitled_most", due)
            assert most.value == row["entitled_high_yuan"]
        if due.code == "entitled_most":
            assert due.value == row["entitled_high_yuan"]
        if "basis" in named and named["basis"].value >= 0 and "rounded" in named:
            months = named["basis"].value / 12
            assert 0 <= named["rounded"].value - months < 1, situation.name
        assert named["benefit"].value == row["benefit_yuan"]
    assert seen == {"entitled", "entitled_most", "entitled_nothing"}


def test_the_difference_is_the_line_less_the_income(judged) -> None:
    for situation, _, trace in judged:
        income, amount, line = (by_code(trace, section) for section in ("income", "amount", "line"))
        for code, used in (("basis", "income_low"), ("basis_high", "income_high")):
            if code in amount:
                left = line["line"].value - income[used].value
                assert amount[code].value == max(left, Decimal(0)), situation.name


def test_members_who_count_add_up_to_the_persons_of_the_line(judged) -> None:
    for situation, _, trace in judged:
        lines = [line for line in trace.lines if line.section == "members"]
        assert sum(line.value for line in lines if not line.total) == lines[-1].value, situation.name
        assert len(trace.members) == len({member["who"] for member in situation.members})


def test_the_answer_and_the_missing_item_are_the_judgements(judged) -> None:
    for _, row, trace in judged:
        assert (trace.eligibility, trace.article, trace.missing_item) == (
            row["eligibility"],
            row["article"],
            row["missing_item"],
        )
        over = {line.code for line in trace.lines if line.section == "property" and line.state == "over"}
        if row["eligibility"] == "eligible":
            assert not over
        if row["eligibility"] == "not_eligible" and "第十四条" in row["article"]:
            assert over


def test_every_line_says_what_it_rests_on(judged) -> None:
    for situation, _, trace in judged:
        for line in trace.lines:
            assert line.zh, situation.name
            assert line.en, situation.name
            assert line.article or line.code == "benefit", (situation.name, line.code)
            if line.source and line.state is None and line.value and line.section == "income":
                assert line.known_on or line.code in ("interest", "wage_bound", "pension_bound", "fallen")


def test_without_authorisation_no_line_tells_of_plane_a(judged) -> None:
    unauthorised = [(s, t) for s, _, t in judged if not s.authorised]
    assert unauthorised
    for situation, trace in unauthorised:
        for line in trace.lines:
            if line.source and SOURCES[line.source].plane is Plane.A:
                bound = line.code in ("wage_bound", "pension_bound")
                assert line.value is None or bound, (situation.name, line.code)
                assert line.state == "not_authorised", (situation.name, line.code)
                assert line.known_on is None


def test_as_data_money_is_exact_and_nobody_is_named(judged) -> None:
    for situation, _, trace in judged:
        record = trace.record()
        assert all("person_id" not in line and "household_id" not in line for line in record["lines"])
        assert {type(line["value"]) for line in record["lines"]} <= {Decimal, int, type(None)}, situation.name
