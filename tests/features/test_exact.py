"""Confidence of a match by number, from the two names."""

from collections.abc import Sequence

import ibis
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.engines import connect
from features.identity.exact import NAME_AGREES, NAME_DISAGREES, NUMBER_ONLY, match_confidence


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


@given(name=CHARACTERS, between=BLANKS_AND_DOTS)
def test_blanks_and_dots_are_no_part_of_a_name(name: str, between: list[str]) -> None:
    written = "".join(blank + character for blank, character in zip(between, name, strict=False))
    assert confidence_of([(written, name), (name, written)]) == [NAME_AGREES] * 2


@given(name=CHARACTERS, data=st.data())
def test_one_character_that_could_not_be_written_is_no_other_name(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 1))
    damaged = name[:place] + "?" + name[place + 1 :]
    assert confidence_of([(damaged, name)]) == [NAME_AGREES]


@given(name=CHARACTERS, other=CHARACTERS)
def test_another_name_never_agrees_and_order_says_nothing(name: str, other: str) -> None:
    forth, back = confidence_of([(name, other), (other, name)])
    assert forth == back == (NAME_AGREES if name == other else NAME_DISAGREES)


@given(name=CHARACTERS, data=st.data())
def test_a_damaged_name_agrees_only_where_the_rest_does(name: str, data: st.DataObject) -> None:
    place, changed = data.draw(st.permutations(range(len(name))))[:2]
    damaged = name[:place] + "?" + name[place + 1 :]
    other = name[:changed] + "赵" + name[changed + 1 :]
    assert confidence_of([(damaged, other), (damaged, name + "赵")]) == [NAME_DISAGREES] * 2


@given(name=st.text(max_size=8), other=st.text(max_size=8))
def test_whatever_stands_in_a_name_there_is_an_answer(name: str, other: str) -> None:
    assert set(confidence_of([(name, other)])) <= {NAME_AGREES, NUMBER_ONLY, NAME_DISAGREES}
