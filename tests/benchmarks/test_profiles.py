"""Pandas and the product describe the same households, and a difference of one value is told."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import yaml

from benchmarks import peer_pandas_profiles
from benchmarks.peer_pandas_tables import AUTHORISED
from benchmarks.profile_city import compared_features, write_profiles
from benchmarks.profiles import BAR, compare_files, gates, together, write_given
from features.household import Universe
from tests.features.small_city import AS_OF, Case, tables_of
from tests.features.test_profile_command import deliver

SPEC = Path(__file__).parents[1] / "spec" / "features"
#: What the cases of features do not show: names that differ, corrections, a list that changed.
WAGE = {"id_no": "a", "payer_uscc": "u", "kind": "wages", "month": "2025-12-01"}
VILLAGE = "990102002001"
CASES = [
    Case(
        "another's record",
        {"a": {"born_on": "1980-01-01", "name": "王伟"}},
        {"withholding": [{**WAGE, "name": "李强", "income_yuan": 900}]},
    ),
    Case(
        "a name written otherwise",
        {
            "a": {"born_on": "1980-01-01", "name": "买买提·艾力"},
            "b": {"name": "张?", "born_on": "2020-02-29"},
        },
        {
            "withholding": [{**WAGE, "name": "買買提艾力", "income_yuan": 700}],
            "pensions": [
                {"id_no": "b", "name": "张玥", "kind": "resident", "month": "2025-12-01", "amount_yuan": 9}
            ],
        },
    ),
    Case(
        "a name of before",
        {"a": {"born_on": "1980-01-01", "name": "陈晨"}, "b": {"born_on": "1981-01-01", "name": "陈程"}},
        {"withholding": [{**WAGE, "id_no": letter, "name": "陈静", "income_yuan": 80} for letter in "ab"]},
    ),
    Case(
        "nobody asked",
        {"a": {"born_on": "1950-12-31"}},
        {"withholding": [{**WAGE, "income_yuan": 1}], "enrolments": [{"id_no": "a", "stage": "bachelor"}]},
        household={"authorised_until": "2025-06-30"},
    ),
    Case(
        "in a village",
        {"a": {"born_on": "1960-01-01", "residence_region_code": VILLAGE, "hukou_region_code": VILLAGE}},
        household={"region_code": VILLAGE, "urban_rural": "rural"},
    ),
    Case(
        "one has left, one is no resident",
        {
            "a": {"born_on": "1970-05-05", "in_register": False},
            "b": {"born_on": "1970-05-05", "left_on": "2025-05-05"},
            "c": {"born_on": "1970-05-05", "joined_on": "2026-01-01"},
        },
        {"withholding": [{**WAGE, "id_no": letter, "income_yuan": 5} for letter in "abc"]},
    ),
]


def read_cases() -> list[Case]:
    """Every case of every feature, and those above."""
    raw = [case for path in sorted(SPEC.glob("*.yaml")) for case in yaml.safe_load(path.read_text("utf-8"))]
    return [Case(**case) for case in raw] + CASES


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[Universe, tuple[Path, Path]]:
    """The product's file and the peer's of each universe, of one city in two deliveries.

    The second delivery corrects the first.
    """
    folder = tmp_path_factory.mktemp("compared")
    cases, warehouse = read_cases(), folder / "warehouse"
    earlier = tables_of(cases)
    for name in ("withholding", "settlements", "balances"):
        money = {"withholding": "income_yuan", "settlements": "self_paid_yuan", "balances": "balance_yuan"}
        earlier[name] = [{**row, money[name]: 12_345} for row in earlier[name]]
    # Every other one had another name then.
    for row in earlier["residents"][::2]:
        row["name"] = "陈静"
    deliver(warehouse, earlier, date(2025, 11, 20), "november")
    deliver(warehouse, tables_of(cases), date(2025, 12, 20), "december")
    given = write_given(warehouse, folder / "peer", AS_OF)
    files = {one: (folder / f"ours_{one}.parquet", folder / f"pandas_{one}.parquet") for one in Universe}
    for universe, (ours, pandas) in files.items():
        write_profiles(warehouse, given, ours, universe)
        peer_pandas_profiles.main(given, pandas, universe)
    return files


def households(universe: Universe) -> int:
    """How many there are: of the register, hukou households of which somebody lives."""
    if universe is Universe.ON_FILE:
        return len(read_cases()) + 1  # the stranger is a household too
    rows = tables_of(read_cases())["residents"]
    alive = [row for row in rows if str(row.get("died_or_cancelled_on") or AS_OF) >= str(AS_OF)]
    return len({row["hukou_household_no"] for row in alive if row.get("hukou_household_no")})


@pytest.mark.long
@pytest.mark.parametrize("universe", Universe)
def test_every_column_of_every_household_is_equal(written, universe):
    found = compare_files(*written[universe])
    assert found.columns == {}
    assert found.rows == households(universe)


@pytest.mark.long
@pytest.mark.parametrize("universe", Universe)
def test_every_compared_feature_says_something(written, universe):
    rows = pq.read_table(written[universe][0])
    silent = [
        feature.name
        for feature in compared_features(universe)
        if not any(value for value in rows[feature.name].to_pylist())
    ]
    assert silent == []


@pytest.mark.long
def test_the_cases_show_what_a_naive_reading_would_miss(written):
    rows = pq.read_table(written[Universe.ON_FILE][0])
    assert pc.max(rows["withholding_doubtful"]).as_py() == 1
    assert {"not_authorised", "found", "nothing_found"} <= set(rows["withholding_state"].to_pylist())
    assert pc.max(rows["income_largest_payment_yuan_12m"]).as_py() < 12_345


@pytest.mark.long
def test_of_the_register_nothing_is_read_that_needs_authorisation(written):
    rows = pq.read_table(written[Universe.REGISTER][1])
    assert not any(name.startswith(tuple(AUTHORISED)) for name in rows.column_names)
    assert {True, False} == set(rows["in_programme"].to_pylist())


def test_one_other_value_fails_and_names_its_column(tmp_path):
    rows = {"household_id": ["H1", "H2"], "yuan": [1.0, None], "state": ["found", "not_matched"]}
    pq.write_table(pa.table(rows), tmp_path / "ours.parquet")
    for column, values in (("yuan", [1.0 + 1e-8, None]), ("yuan", [1.0, 0.0]), ("state", ["found", "x"])):
        # The peer's columns may stand in any order.
        other = dict(reversed((rows | {column: values}).items()))
        pq.write_table(pa.table(other), tmp_path / "pandas.parquet")
        found = compare_files(tmp_path / "ours.parquet", tmp_path / "pandas.parquet")
        assert found.columns == {column: 1}
        assert not found.equal


def test_a_column_or_household_that_one_lacks_fails(tmp_path):
    rows = pa.table({"household_id": ["H1", "H2"], "yuan": [1.0, None]})
    pq.write_table(rows, tmp_path / "ours.parquet")
    for other, equal in ((rows, True), (rows.drop_columns(["yuan"]), False), (rows.slice(1), False)):
        pq.write_table(other, tmp_path / "pandas.parquet")
        assert compare_files(tmp_path / "ours.parquet", tmp_path / "pandas.parquet").equal == equal


def test_each_gate_fails_by_itself():
    def result(equal=True, within=True, ratio=BAR):
        one = {"compared": {"equal": True}, "limited": {"equal": True}}
        other = {"compared": {"equal": equal}, "limited": {"equal": within}}
        return {"profiles_pandas_ratio": ratio, "universes": {"on_file": one, "register": other}}

    assert all(gates(result()).values())
    for worse in (result(equal=False), result(within=False), result(ratio=BAR - 0.01)):
        assert list(gates(worse).values()).count(False) == 1


def test_the_ratio_is_of_both_universes_together():
    found = {
        Universe.ON_FILE: {"ours_s": [9.0, 2.0, 1.0], "pandas_s": [1.0, 1.0, 7.0]},
        Universe.REGISTER: {"ours_s": [2.0] * 3, "pandas_s": [11.0] * 3},
    }
    assert together(found)["profiles_pandas_ratio"] == 3.0
