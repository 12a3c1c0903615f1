"""The landing folder: every table arrives, whole, dated, and the same for the same seed."""

import csv
import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from typer.testing import CliRunner

from features.sources import SOURCES
from synthetic_data.__main__ import app
from synthetic_data.habits import habit_of, headers
from synthetic_data.landing_rows import delivered


def generate(out: Path, households: int, *more: str) -> dict:
    done = CliRunner().invoke(
        app,
        ["generate", "--households", str(households), "--months", "12", "--out", str(out), "--json", *more],
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout.strip().splitlines()[-1])


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("practice") / "world"
    generate(out, 1500, "--seed", "5")
    return out


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world whose files are all as their departments' habits have them."""
    out = tmp_path_factory.mktemp("practice") / "clean"
    generate(out, 1500, "--seed", "5", "--mess", "none")
    return out


def test_same_seed_same_bytes_and_another_seed_others(world: Path, tmp_path: Path) -> None:
    generate(tmp_path / "again", 1500, "--seed", "5")
    generate(tmp_path / "other", 1500, "--seed", "6")
    assert digests(tmp_path / "again") == digests(world)
    assert digests(tmp_path / "other") != digests(world)


def test_every_declared_table_arrives_with_its_note(clean: Path) -> None:
    noted: dict[str, int] = {}
    for note in (clean / "landing").rglob("delivery.yaml"):
        for entry in yaml.safe_load(note.read_text(encoding="utf-8")):
            content = (note.parent / entry["file"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == entry["sha256"]
            assert note.parent.parent.name == SOURCES[entry["table"]].department
            noted[entry["table"]] = noted.get(entry["table"], 0) + entry["rows"]
    assert set(noted) == set(SOURCES)
    assert all(rows for table, rows in noted.items() if table != "custody")


def test_files_hold_the_declared_columns_and_noted_rows(clean: Path) -> None:
    for path in (clean / "landing").rglob("*.csv"):
        source = SOURCES[path.stem]
        habit = habit_of(source)
        with path.open(encoding=habit.encoding, newline="") as file:
            lines = list(csv.reader(file))
        assert lines[0] == headers(source, habit)
        assert {len(line) for line in lines} == {len(source.columns)}
        notes = yaml.safe_load((path.parent / "delivery.yaml").read_text(encoding="utf-8"))
        assert [n["rows"] for n in notes if n["file"] == path.name] == [len(lines) - 1]


def test_headers_are_known_to_the_declared_source() -> None:
    for source in SOURCES.values():
        written = headers(source, habit_of(source))
        assert len(set(written)) == len(written)
        for header, column in zip(written, source.columns, strict=True):
            assert header in (column.name, column.zh, *column.aliases)


def test_a_small_share_of_rows_is_bad(world: Path) -> None:
    rows = delivered(world / "landing", "pensions")
    unreadable = ~rows.id_no.str.fullmatch("[0-9]{17}[0-9X]") | rows.month.isna() | rows.amount_yuan.isna()
    assert 0 < unreadable.sum() < 0.02 * len(rows)


def test_nothing_arrives_after_the_last_month(world: Path) -> None:
    days = {path.name for path in (world / "landing").glob("*/*")}
    assert min(days) >= "2024-01-01"
    assert max(days) <= "2024-12-31"


def test_census_covers_every_recipient_of_each_register(clean: Path) -> None:
    census = pq.read_table(clean / "truth" / "census_verifications.parquet").to_pandas()
    for path in (clean / "landing" / "civil_affairs").rglob("household_register.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        good = {r["户编号"] for r in rows if r["救助类别"] in ("低保", "低保边缘") and r["户编号"]}
        month = path.parent.name[:7]
        audited = census[census["as_of"].astype(str).str[:7] == month]
        assert good <= set(audited["household_no"])
        assert len(audited) - len(good) <= 2  # rows that the register's file spoilt


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--households", "20"), "--households 20"),
        (("--months", "1"), "--months 1"),
        (("--start", "2024-13"), "--start 2024-13"),
    ],
)
def test_a_mistake_is_one_sentence_and_writes_nothing(
    options: tuple[str, str], named: str, tmp_path: Path
) -> None:
    done = CliRunner().invoke(app, ["generate", "--out", str(tmp_path / "w"), *options])
    assert done.exit_code != 0
    assert named in str(done.exception)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_no_world_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    done = CliRunner().invoke(app, ["generate", "--households", "400", "--out", str(tmp_path)])
    assert done.exit_code != 0
    assert (tmp_path / "letter.txt").read_text() == "mine"
