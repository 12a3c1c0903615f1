"""Confidence of a match by number, from the two names."""

import ibis
import pytest

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
    assert ibis.duckdb.connect().to_pyarrow(matched).to_pylist() == [{"confidence": confidence}]


def test_a_table_without_names() -> None:
    rows = ibis.memtable({"id_no": ["1"]})
    matched = rows.select(confidence=match_confidence(ibis.null("string"), ibis.null("string")))
    assert ibis.duckdb.connect().to_pyarrow(matched).to_pylist() == [{"confidence": NUMBER_ONLY}]
