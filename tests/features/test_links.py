"""Whose a row without a usable number is: probabilities of the candidates, by what agrees."""

from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from features.identity.links import CANDIDATE_SCHEMA, candidate_links
from features.identity.thresholds import REVIEW, VISIT
from tests.features.landing_folder import id_no

DAY = date(2024, 5, 1)
ZHANG, TWIN, LI, OTHER_LI = id_no(1), id_no(3), id_no(5, "19551231"), id_no(7, "19800229")
PEOPLE = {
    "zhang": (ZHANG, "张三"),
    "twin": (TWIN, "张四"),
    "li": (LI, "李明"),
    "other li": (OTHER_LI, "李明"),
    "rare": (id_no(9, "19600606"), "司马相如"),
}

HOMES = {"li": "建设路1幢", "zhang": "建设路2幢", "rare": "建设路2幢"}
SAID = ("name", "typed", "start", "place", "born", "sex", "address")


def typo(number: str, place: int = 9) -> str:
    return number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]


def found(
    *rows: dict[str, Any], company: dict[str, str] | None = None, first_on: date = DAY - timedelta(30)
) -> list[dict[str, float]]:
    """Person -> probability, for each row."""
    nothing = dict.fromkeys(SAID) | {"received_on": DAY}
    asked = pa.Table.from_pylist(
        [{"row_key": str(number), **nothing, **row} for number, row in enumerate(rows)],
        schema=pa.schema(
            [("row_key", pa.string()), ("received_on", pa.date32())] + [(name, pa.string()) for name in SAID]
        ),
    )
    crowd = [  # people nobody asks about, so that frequencies mean something
        {"person_id": f"crowd {n}", "id_no": id_no(n % 1000, f"19{30 + n // 1000}0102"), "name": f"路人{n}"}
        for n in range(2000)
    ]
    known = [
        {"person_id": p, "id_no": number, "name": name, "address": HOMES.get(p)}
        for p, (number, name) in PEOPLE.items()
    ]
    persons = pa.Table.from_pylist([{**person, "first_on": first_on} for person in known + crowd])
    together = [
        {"place": place, "person_id": person, "first_on": first_on}
        for person, place in (company or {}).items()
    ]
    schema = pa.schema([("place", pa.string()), ("person_id", pa.string()), ("first_on", pa.date32())])
    links = candidate_links(asked, persons, pa.Table.from_pylist(together, schema=schema))
    assert links.schema == CANDIDATE_SCHEMA
    answers: list[dict[str, float]] = [{} for _ in rows]
    for link in links.to_pylist():
        answers[int(link["row_key"])][link["person_id"]] = link["probability"]
    return answers


def test_a_typing_error_in_one_digit_is_no_doubt_even_without_a_name() -> None:
    (with_name, without) = found({"typed": typo(ZHANG), "name": "张三"}, {"typed": typo(ZHANG)})
    assert with_name["zhang"] > 0.999
    assert without["zhang"] > VISIT


def test_a_typing_error_under_another_name_waits_for_a_caseworker_or_is_left() -> None:
    (answer,) = found({"typed": typo(ZHANG), "name": "李明"})
    assert answer.get("zhang", 0) < VISIT


@pytest.mark.parametrize("written", ["张？", "张(", "张[*", "*", "张三)"])
def test_signs_in_a_name_stand_for_what_could_not_be_written(written: str) -> None:
    (answer,) = found({"typed": typo(ZHANG), "name": written})
    assert (answer["zhang"] >= VISIT) == (written in ("张？", "张("))


def test_twins_are_told_apart_by_their_names() -> None:
    assert ZHANG[:16] == TWIN[:16]
    (zhang, twin) = found({"start": ZHANG[:15], "name": "张三"}, {"start": TWIN[:15], "name": "张四"})
    assert zhang["zhang"] > VISIT > zhang.get("twin", 0)
    assert twin["twin"] > VISIT > twin.get("zhang", 0)


def test_twins_without_names_are_for_a_caseworker() -> None:
    (answer,) = found({"start": ZHANG[:15]})
    assert set(answer) == {"zhang", "twin"}
    assert all(REVIEW <= probability < VISIT for probability in answer.values())


def test_a_shared_name_alone_decides_nothing() -> None:
    (answer,) = found({"name": "李明"})
    assert all(probability < VISIT for probability in answer.values())
    assert answer["li"] == answer["other li"]


def test_a_name_that_only_one_person_has_is_asked_about_never_taken() -> None:
    (answer,) = found({"name": "司马相如"})
    assert REVIEW <= answer["rare"] < VISIT


def test_a_shared_name_in_the_same_household_is_that_person() -> None:
    (answer,) = found({"name": "李明", "place": "household|1"}, company={"li": "household|1"})
    assert answer["li"] > VISIT


def test_a_shared_name_and_a_birth_date_is_that_person() -> None:
    (answer,) = found({"name": "李明", "born": "19551231", "sex": "male"})
    assert answer["li"] > VISIT > answer.get("other li", 0)


def test_the_other_sex_speaks_against_a_name() -> None:
    (same, other) = found({"name": "司马相如", "sex": "male"}, {"name": "司马相如", "sex": "female"})
    assert same["rare"] > other.get("rare", 0)


def test_birth_date_and_sex_count_once_where_the_number_has_them() -> None:
    plain = {"typed": typo(ZHANG), "name": "李明"}
    (without, beside) = found(plain, {**plain, "born": "19700102", "sex": "male"})
    assert without == beside


def test_a_shared_name_at_the_address_is_that_person() -> None:
    (answer,) = found({"name": "李明", "address": "建设路1幢"})
    assert answer["li"] > VISIT > answer.get("other li", 0)


def test_an_address_alone_is_asked_about_never_taken() -> None:
    (alone, shared) = found({"address": "建设路1幢"}, {"address": "建设路2幢"})
    assert REVIEW <= alone["li"] < VISIT
    assert set(shared) == {"zhang", "rare"}
    assert all(REVIEW <= probability < VISIT for probability in shared.values())


def test_an_address_says_nothing_more_of_the_household_that_lives_there() -> None:
    row = {"name": "李明", "place": "household|1"}
    (without, beside) = found(row, {**row, "address": "建设路1幢"}, company={"li": "household|1"})
    assert beside["li"] == pytest.approx(without["li"], abs=1e-3)


def test_digits_lost_but_for_the_area_leave_the_name() -> None:
    (answer,) = found({"name": "李明", "start": "990102"})
    assert all(probability < VISIT for probability in answer.values())


def test_a_row_that_says_nothing_has_no_candidates() -> None:
    assert found({}) == [{}]


def test_who_was_registered_later_is_no_candidate() -> None:
    assert found({"typed": typo(ZHANG), "name": "张三"}, first_on=DAY + timedelta(1)) == [{}]


@pytest.mark.parametrize("order", [1, -1])
def test_the_answer_hangs_on_nothing_but_the_row(order: int) -> None:
    rows = [{"typed": typo(ZHANG), "name": "张三"}, {"name": "李明"}, {"name": "司马相如", "start": "990102"}]
    assert found(*rows[::order])[::order] == [found(row)[0] for row in rows]
