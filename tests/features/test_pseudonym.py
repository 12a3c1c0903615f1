"""Pseudonyms: the same in Python and in the engine, different by key and by kind."""

import hashlib

import ibis
from hypothesis import given, settings
from hypothesis import strategies as st

from features.identity.pseudonym import (
    household_id,
    household_id_expression,
    person_id,
    person_id_expression,
)

TEXT = st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)


def test_the_form_is_a_letter_and_fifteen_digits_of_a_keyed_hash() -> None:
    digest = hashlib.sha256(b"practice|person|990102197001020012").hexdigest()
    assert person_id("990102197001020012", "practice") == "P" + digest[:15]
    assert household_id("DB1", "practice")[0] == "H"
    assert len(household_id("DB1", "practice")) == 16


def test_key_and_kind_change_it() -> None:
    assert person_id("1", "practice") != person_id("1", "another")
    assert person_id("1", "practice")[1:] != household_id("1", "practice")[1:]


@settings(max_examples=20, deadline=None)
@given(numbers=st.lists(TEXT, min_size=1, max_size=20), key=TEXT)
def test_python_and_the_engine_agree(numbers: list[str], key: str) -> None:
    table = ibis.memtable({"number": [*numbers, None]}, schema={"number": "string"})
    people = table.select(
        "number",
        person=person_id_expression(table.number, key),
        household=household_id_expression(table.number, key),
    )
    for row in ibis.duckdb.connect().to_pyarrow(people).to_pylist():
        if row["number"] is None:
            assert (row["person"], row["household"]) == (None, None)
        else:
            assert row["person"] == person_id(row["number"], key)
            assert row["household"] == household_id(row["number"], key)
