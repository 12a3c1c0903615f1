"""Spellings of one address are one home; two homes stay two. Which telephone numbers can be dialled."""

from typing import Any

import ibis
import pytest

from features.quality import addresses, phones

ADDRESS = "西湖区文三路3号楼2单元301室"


def answer(expression: Any) -> Any:
    return ibis.duckdb.connect().execute(expression)


def differ(one: str | None, other: str | None) -> Any:
    text = [addresses.comparable(ibis.literal(value, "string")) for value in (one, other)]
    found = answer(addresses.differ(*text))
    return None if found is None or found != found else bool(found)


@pytest.mark.parametrize(
    "spelling",
    [
        "文三路3号楼2单元301室",
        "浙江省杭州市西湖区文三路3幢2-301",
        "西湖区文三路 三号楼二单元301室",
        "西湖区文三路３栋２单元３０１",
        "杭州市西湖区文三路3座2-301室",
        "文三路3号楼2单元301房",
    ],
)
def test_a_spelling_is_no_other_home(spelling: str) -> None:
    assert differ(ADDRESS, spelling) is False
    assert differ(spelling, ADDRESS) is False


@pytest.mark.parametrize(
    "other",
    [
        "西湖区文三路3号楼2单元302室",
        "西湖区文三路4号楼2单元301室",
        "西湖区文二路3号楼2单元301室",
        "西湖区文三路13号楼2单元301室",
        "西湖区文三路3号楼12单元301室",
        "市外",
    ],
)
def test_another_door_is_another_home(other: str) -> None:
    assert differ(ADDRESS, other) is True


def test_two_communities_of_one_street_are_two_homes() -> None:
    assert differ("和平街道春晓社区1号1幢101室", "和平街道桃园社区1号1幢101室") is True


@pytest.mark.parametrize("missing", [None, "", "  "])
def test_nothing_is_said_where_an_address_is_missing(missing: str | None) -> None:
    assert differ(ADDRESS, missing) is None


@pytest.mark.parametrize(
    ("phone", "invalid"),
    [
        ("13800000001", False),
        ("+86 138-0000-0001", False),
        ("0571-88888801", False),
        ("88881234", False),
        ("1380000000", True),
        ("23800000001", True),
        ("00000000000", True),
        ("11111111111", True),
        ("12345", True),
    ],
)
def test_which_numbers_cannot_be_dialled(phone: str, invalid: bool) -> None:
    assert bool(answer(phones.invalid(ibis.literal(phone)))) is invalid


@pytest.mark.parametrize("phone", [None, "", "无"])
def test_a_number_that_is_none_is_missing_and_not_invalid(phone: str | None) -> None:
    text = ibis.literal(phone, "string")
    assert answer(phones.comparable(text).isnull())
    assert answer(phones.invalid(text).isnull())
