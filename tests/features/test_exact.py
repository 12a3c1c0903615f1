"""Confidence of a match by number, from the two names."""

from collections.abc import Sequence

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.engines import connect
from features.identity.exact import (
    NAME_AGREES,
    NAME_DISAGREES,
    NUMBER_ONLY,
    match_confidence,
    simplified,
    variants,
)


@pytest.mark.parametrize(
    ("name", "register_name", "confidence"),
    [
        ("张三", "张三", NAME_AGREES),
        ("张　三", "张三", NAME_AGREES),
        ("买买提·艾力", "买买提・艾力", NAME_AGREES),
        ("买买提．艾力", "买买提艾力", NAME_AGREES),
        ("张?", "张𬱖", NAME_AGREES),
        ("张?", "李𬱖", NAME_DISAGREES),
        ("张?", "张𬱖丰", NAME_DISAGREES),
        ("張國榮", "张国荣", NAME_AGREES),
        ("劉　麗", "刘丽", NAME_AGREES),
        ("張國榮", "张国强", NAME_DISAGREES),
        ("张三", "李四", NAME_DISAGREES),
        (None, "张三", NUMBER_ONLY),
        ("张三", None, NUMBER_ONLY),
        ("", "张三", NUMBER_ONLY),
    ],
)
def test_confidence(name: str | None, register_name: str | None, confidence: float) -> None:
    names = ibis.memtable(
        {"name": [name], "register_name": [register_name]},
        schema={"name": "string", "register_name": "string"},
    )
    matched = names.select(confidence=match_confidence(names.name, names.register_name))
    assert connect().to_pyarrow(matched).to_pylist() == [{"confidence": confidence}]


def test_every_variant_has_its_simplified_form_wherever_it_stands() -> None:
    other, plain = variants()
    mixed = [f"王{one}{another}" for one, another in zip(other, reversed(other), strict=True)]
    names = [*other, *mixed, "", "张三", None]
    told = ibis.memtable({"name": names}, schema={"name": "string"})
    found = connect().to_pyarrow(told.select(name=simplified(told.name)))["name"].to_pylist()
    forms = str.maketrans(other, plain)
    assert found == [name if name is None else name.translate(forms) for name in names]


def test_a_table_without_names() -> None:
    rows = ibis.memtable({"id_no": ["1"]})
    matched = rows.select(confidence=match_confidence(ibis.null("string"), ibis.null("string")))
    assert connect().to_pyarrow(matched).to_pylist() == [{"confidence": NUMBER_ONLY}]


CHARACTERS = st.text("张李王国华伟丽娜阿依古买提欧阳司马相如", min_size=2, max_size=10)
BLANKS_AND_DOTS = st.lists(
    st.sampled_from(["", " ", "\u3000", "\u00a0", "·", "・", "．", "•"]), min_size=11, max_size=11
)
ENGINE = connect()
PAIRS = ibis.table({"name": "string", "register_name": "string"}, name="pairs")
#: Compiled once: hypothesis asks it hundreds of times.
CONFIDENCE = ENGINE.compile(PAIRS.select(confidence=match_confidence(PAIRS.name, PAIRS.register_name)))


def confidence_of(pairs: Sequence[tuple[str, str]]) -> list[float]:
    names = {"name": [one for one, _ in pairs], "register_name": [other for _, other in pairs]}
    ENGINE.con.register("pairs", pa.table(names))
    return [float(confidence) for (confidence,) in ENGINE.con.sql(CONFIDENCE).fetchall()]


def many(*strategies: st.SearchStrategy) -> st.SearchStrategy:
    """Several draws at once: a statement costs fifty times what a pair of names does."""
    return st.lists(st.tuples(*strategies), min_size=5, max_size=8)


few = settings(max_examples=20)
PLACES = st.permutations(range(10))


def damaged(name: str, place: int) -> str:
    """The name with one character that could not be written."""
    place %= len(name)
    return name[:place] + "?" + name[place + 1 :]


@few
@given(many(CHARACTERS, BLANKS_AND_DOTS))
def test_blanks_and_dots_are_no_part_of_a_name(drawn: list[tuple[str, list[str]]]) -> None:
    written = [
        ("".join(blank + character for blank, character in zip(between, name, strict=False)), name)
        for name, between in drawn
    ]
    backwards = [(name, text) for text, name in written]
    assert confidence_of(written + backwards) == [NAME_AGREES] * 2 * len(drawn)


@few
@given(many(CHARACTERS, st.integers(0, 9)))
def test_one_character_that_could_not_be_written_is_no_other_name(drawn: list[tuple[str, int]]) -> None:
    found = confidence_of([(damaged(name, place), name) for name, place in drawn])
    assert found == [NAME_AGREES] * len(drawn)


@few
@given(many(CHARACTERS, CHARACTERS))
def test_another_name_never_agrees_and_order_says_nothing(drawn: list[tuple[str, str]]) -> None:
    forth = confidence_of(drawn)
    assert forth == confidence_of([(other, name) for name, other in drawn])
    assert forth == [NAME_AGREES if name == other else NAME_DISAGREES for name, other in drawn]


@few
@given(many(CHARACTERS, PLACES))
def test_a_damaged_name_agrees_only_where_the_rest_does(drawn: list[tuple[str, list[int]]]) -> None:
    pairs = []
    for name, places in drawn:
        place, changed = [place for place in places if place < len(name)][:2]
        other = name[:changed] + "赵" + name[changed + 1 :]
        pairs += [(damaged(name, place), other), (damaged(name, place), name + "赵")]
    assert confidence_of(pairs) == [NAME_DISAGREES] * len(pairs)


@few
@given(many(st.text(max_size=8), st.text(max_size=8)))
def test_whatever_stands_in_a_name_there_is_an_answer(drawn: list[tuple[str, str]]) -> None:
    assert set(confidence_of(drawn)) <= {NAME_AGREES, NUMBER_ONLY, NAME_DISAGREES}
