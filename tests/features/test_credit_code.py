"""The check character of unified social credit codes, as a function and as an expression."""

import ibis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.identity.credit_code import ALPHABET, check_character, is_valid_expression
from synthetic_data.identity_numbers import credit_codes


def test_the_standards_own_example() -> None:
    """GB 32100-2015, annex A: 91350100M000100Y43."""
    assert check_character("91350100M000100Y4") == "3"


def valid(codes: list[str | None]) -> list[bool | None]:
    table = ibis.memtable({"code": codes}, schema={"code": "string"})
    connection = ibis.duckdb.connect()
    return connection.execute(table.select(ok=is_valid_expression(table.code)))["ok"].tolist()


def test_the_expression_agrees_with_the_function() -> None:
    codes = credit_codes("990102", np.arange(50), np.arange(50) % 2 == 0).tolist()
    assert all(code[17] == check_character(code[:17]) for code in codes)
    assert valid(codes) == [True] * 50
    wrong = [code[:17] + ALPHABET[(ALPHABET.index(code[17]) + 1) % 31] for code in codes]
    assert valid(wrong) == [False] * 50


def test_what_is_no_code_is_not_valid_and_nothing_stays_nothing() -> None:
    assert valid(["", "91350100M000100Y4", "91350100M000100I43", "91350100m000100y43"]) == [False] * 4
    assert ibis.duckdb.connect().execute(is_valid_expression(ibis.null("string"))) is not True


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 30))
def test_one_wrong_character_is_always_found(code: str, place: int, shift: int) -> None:
    other = ALPHABET[(ALPHABET.index(code[place]) + shift) % 31]
    assert check_character(code[:place] + other + code[place + 1 :]) != check_character(code)


@pytest.mark.parametrize("code", ["", "1" * 16, "1" * 18, "I" * 17])
def test_what_has_no_check_character_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="17 characters"):
        check_character(code)
