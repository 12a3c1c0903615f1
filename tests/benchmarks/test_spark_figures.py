"""What holds two engines together, and what a province would take, on small figures worked by hand."""

from decimal import Decimal

import pyarrow as pa
import pytest

from benchmarks.spark_compare import TOLERANCE, compare, compare_answers
from benchmarks.spark_cost import Measured, cost, rates
from benchmarks.spark_events import Work, summed

TABLE = pa.table({"id": ["b", "a"], "yuan": [Decimal("1.00"), None], "share": [0.25, float("nan")]})


def work(task_seconds: float, shuffled_mb: float, skew: float = 1.0) -> Work:
    return Work(task_seconds, task_seconds, 10, 80, 0.0, shuffled_mb, 0.0, 0.0, skew)


def test_the_same_rows_in_another_order_are_equal() -> None:
    found = compare(TABLE, TABLE.take([1, 0]), ["id"])
    assert found.equal
    assert (found.rows, found.values, found.largest) == (2, 6, 0.0)


@pytest.mark.parametrize(
    ("column", "values"),
    [("share", [0.25 + 1e-8, None]), ("yuan", [Decimal("1.01"), None]), ("share", [None, None])],
)
def test_a_number_that_differs_or_is_missing_names_its_column(column: str, values: list) -> None:
    other = TABLE.set_column(TABLE.column_names.index(column), column, pa.array(values, TABLE[column].type))
    found = compare(TABLE, other, ["id"])
    assert not found.equal
    assert set(found.columns) == {column}


def test_a_difference_in_the_last_digits_is_none_and_is_told() -> None:
    other = TABLE.set_column(2, "share", pa.array([0.25 + 1e-12, float("nan")]))
    found = compare(TABLE, other, ["id"])
    assert found.equal
    assert 0 < found.largest < TOLERANCE


def test_a_row_or_column_that_only_one_has_is_a_difference() -> None:
    assert not compare(TABLE, TABLE.drop(["share"]), ["id"]).equal
    assert not compare(TABLE, TABLE.slice(0, 1), ["id"]).equal


def test_answers_are_compared_down_to_the_contribution_of_a_reason() -> None:
    one = {"H1": {"status": "scored", "raw": 0.5, "reasons": [{"topic": "wages", "contribution": 0.3}]}}
    other = {"H1": {"status": "scored", "raw": 0.5, "reasons": [{"topic": "wages", "contribution": 0.4}]}}
    assert compare_answers(one, one).equal
    assert compare_answers(one, other).columns == {"reasons.contribution": 1}
    assert not compare_answers(one, {}).equal


def test_what_both_cities_paid_once_does_not_grow() -> None:
    small = Measured(1_000, 60.0, 2, work(40.0, 10.0))
    large = Measured(11_000, 80.0, 2, work(80.0, 110.0, skew=1.5))
    found = rates(small, large)
    assert found.task_seconds == pytest.approx(0.004)
    assert found.shuffled_kb == pytest.approx(10.24)
    assert found.fixed_seconds == pytest.approx(60 - 1_000 * 0.004 / 2)
    province = cost(found)["province"]
    seconds = found.fixed_seconds + 30_000_000 * 0.004 * 1.5 / province["cores_each"]
    assert province["hours_each"] == pytest.approx(seconds / 3600, abs=1e-3)


def test_the_nation_is_provinces_side_by_side() -> None:
    found = cost(rates(Measured(1, 1.0, 1, work(1.0, 0.0)), Measured(2, 1.0, 1, work(2.0, 0.0))))
    assert found["nation"]["applications"] == 17
    assert found["nation"]["hours_each"] == found["province"]["hours_each"]
    with pytest.raises(ValueError, match="larger"):
        rates(Measured(2, 1.0, 1, work(1.0, 0.0)), Measured(2, 1.0, 1, work(1.0, 0.0)))


def test_skew_is_the_largest_part_over_an_even_one() -> None:
    def task(rows: int) -> dict:
        return {
            "Executor Run Time": 1000,
            "Executor CPU Time": 500_000_000,
            "Input Metrics": {"Bytes Read": 0},
            "Output Metrics": {"Bytes Written": 0},
            "Shuffle Write Metrics": {"Shuffle Bytes Written": 1 << 20},
            "Shuffle Read Metrics": {"Total Records Read": rows},
            "Disk Bytes Spilled": 0,
        }

    found = summed(1, [(0, task(0)), (1, task(30)), (1, task(10))])
    assert (found.task_seconds, found.cpu_seconds, found.shuffled_mb) == (3.0, 1.5, 3.0)
    assert found.skew == 1.5
