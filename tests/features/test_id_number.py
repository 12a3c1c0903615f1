"""Identity numbers: the check character in Python and in the engine."""

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.identity import id_number


def test_the_example_of_the_standard() -> None:
    assert id_number.check_character("11010519491231002") == "X"
    assert id_number.check_character("44052418800101001") == "4"


def test_seventeen_digits_are_needed() -> None:
    with pytest.raises(ValueError, match="17 digits before its check character"):
        id_number.check_character("123")


@settings(max_examples=10, deadline=None)
@given(digits=st.lists(st.from_regex("[0-9]{17}", fullmatch=True), min_size=1, max_size=200))
def test_the_engine_agrees(digits: list[str]) -> None:
    table = ibis.memtable({"digits": digits})
    halves = table.mutate(
        first_part=id_number.head_expression(table.digits), last_part=id_number.tail_expression(table.digits)
    )
    checks = halves.select(
        "digits",
        check=id_number.check_character_expression(
            id_number.remainder_expression(halves.first_part, halves.last_part)
        ),
    )
    for row in ibis.duckdb.connect().to_pyarrow(checks).to_pylist():
        assert row["check"] == id_number.check_character(row["digits"])
