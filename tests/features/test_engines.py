"""The warehouse: every declared table exists and is typed; only what the catalogue has is seen."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import ibis
import pytest

from features.engines import Catalogue, memory_warehouse, open_warehouse, read_entries
from features.errors import UserError
from features.identity.pseudonym import person_id
from features.intake.entry import Entry
from features.intake.stored import arrow_schema
from features.sources import SOURCES

ENTRY = Entry("a1", "civil_affairs", "deaths", date(2024, 2, 5), "f.csv", "refused", 3, reason="空")


def test_every_declared_table_exists_and_is_typed_alike_in_memory_and_on_disk(tmp_path: Path) -> None:
    Catalogue.open(tmp_path, "practice").close()
    on_disk, in_memory = open_warehouse(tmp_path), memory_warehouse({})
    for source in SOURCES.values():
        expected = ibis.Schema.from_pyarrow(arrow_schema(source))
        assert on_disk.table(source.name).schema() == expected, source.name
        assert in_memory.table(source.name).schema() == expected, source.name
    assert on_disk.deliveries().schema() == in_memory.deliveries().schema()


def test_small_tables_become_typed_rows_with_pseudonyms() -> None:
    warehouse = memory_warehouse(
        {
            "vehicles": [{"owner_id_no": "1", "listed_price_yuan": 30000, "registered_on": "2020-01-02"}],
            "deaths": [{"id_no": "1", "received_on": "2024-02-05"}, {"id_no": None}],
        },
        received_on=date(2025, 6, 1),
    )
    (car,) = warehouse.table("vehicles").to_pyarrow().to_pylist()
    assert car["owner_person_id"] == person_id("1", "practice")
    assert (car["listed_price_yuan"], car["registered_on"]) == (Decimal("30000.00"), date(2020, 1, 2))
    assert (car["received_on"], car["plate_masked"]) == (date(2025, 6, 1), None)
    deaths = warehouse.table("deaths").order_by("row_number").to_pyarrow().to_pylist()
    assert [row["received_on"] for row in deaths] == [date(2024, 2, 5), date(2025, 6, 1)]
    assert deaths[1]["person_id"] is None


@pytest.mark.parametrize(
    ("tables", "said"),
    [({"deaths": [{"age": 3}]}, "deaths declares no column 'age'"), ({"births": []}, "births")],
)
def test_small_tables_name_what_is_not_declared(
    tables: dict[str, list[dict[str, object]]], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        memory_warehouse(tables)


def test_a_table_that_is_not_declared() -> None:
    with pytest.raises(UserError, match="no table births is declared"):
        memory_warehouse({}).table("births")


def test_a_folder_that_is_no_warehouse(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"is not a warehouse: no catalogue\.duckdb in it; run"):
        open_warehouse(tmp_path)
    (tmp_path / "catalogue.duckdb").write_text("not a database, but long enough to be looked at" * 200)
    with pytest.raises(UserError, match="cannot be opened as a catalogue"):
        open_warehouse(tmp_path)


def test_an_entry_is_recorded_once_for_a_file_and_its_content(tmp_path: Path) -> None:
    catalogue = Catalogue.open(tmp_path, "practice")
    catalogue.record(ENTRY)
    catalogue.record(ENTRY)
    catalogue.close()
    assert read_entries(tmp_path, "refused") == [ENTRY]
    assert read_entries(tmp_path, "taken") == []
