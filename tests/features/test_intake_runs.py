"""Runs over a landing folder: repeated, corrected, interrupted, two at once; every row accounted for."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from benchmarks.kills import content
from features.__main__ import app
from features.engines import Catalogue, open_warehouse
from features.errors import UserError
from features.intake import run, taking
from features.intake.entry import Entry
from features.intake.run import run_intake, try_intake
from features.known import known, load_calendar
from features.sources import SOURCES
from tests.features.landing_folder import KEY, Landing, csv, id_no

HEADER = ["身份证号", "死亡日期"]
JANUARY, FEBRUARY = "civil_affairs/2024-02-05/deaths.csv", "civil_affairs/2024-03-05/deaths.csv"


def deaths(*numbers: int, died: str = "2024-01-05") -> str:
    return csv(HEADER, *([id_no(number), died] for number in numbers))


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_same_delivery_twice_changes_nothing(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(JANUARY, deaths(1, 2))
    landing.take()
    before = snapshot(landing.warehouse / "tables")
    assert landing.take()["deaths.csv"].status == "known"
    landing.deliver("civil_affairs/2024-02-09/deaths (1).csv", deaths(1, 2))
    again = landing.take()["deaths (1).csv"]
    assert (again.status, again.table, again.rows_taken) == ("repeated", "deaths", 0)
    assert landing.take()["deaths (1).csv"].status == "known"
    assert snapshot(landing.warehouse / "tables") == before
    assert landing.rows("deaths", "id_no", "received_on") == [
        (id_no(1), date(2024, 2, 5)),
        (id_no(2), date(2024, 2, 5)),
    ]
    listed = open_warehouse(landing.warehouse).deliveries().order_by("received_on").execute()
    assert list(listed["status"]) == ["taken", "repeated"]  # the department is not silent


def test_a_register_sent_again_unchanged_is_still_the_register(tmp_path: Path) -> None:
    """Also where another one came in between: what arrived last is what is so."""
    landing = Landing(tmp_path)
    header = ["身份证号", "姓名", "性别", "出生日期", "户籍户号"]
    first, second = [[id_no(n), "张三", "男", "1970-01-02", "HK1"] for n in (1, 2)]
    for month, rows in enumerate(([first], [first], [first, second], [first]), start=2):
        landing.deliver(f"public_security/2024-{month:02d}-25/residents.csv", csv(header, *rows))
    landing.take()
    opened = open_warehouse(landing.warehouse)
    calendar = load_calendar(opened)
    for month, people in ((2, 1), (3, 1), (4, 2), (5, 1)):
        day = date(2024, month, 26)
        told = calendar.register("residents", day)
        rows = known(opened.table("residents"), SOURCES["residents"], day, told)
        assert rows.count().execute() == people, day
        assert calendar.latest("residents", day) == date(2024, month, 25)


def test_a_corrected_month_is_another_delivery_with_its_own_date(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(JANUARY, deaths(1))
    landing.take()
    landing.deliver("civil_affairs/2024-02-20/deaths.csv", deaths(1, died="2024-01-06"))
    landing.take()
    assert landing.rows("deaths", "died_on", "received_on") == [
        (date(2024, 1, 5), date(2024, 2, 5)),
        (date(2024, 1, 6), date(2024, 2, 20)),
    ]


def test_a_file_replaced_in_its_place_is_not_counted_twice(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(JANUARY, deaths(1, 2))
    landing.take()
    landing.deliver(JANUARY, deaths(2, 3))
    landing.take()
    assert landing.rows("deaths", "id_no") == [(id_no(2),), (id_no(3),)]


def test_a_refused_file_is_looked_at_again_in_the_next_run(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(JANUARY, "身份证号\n" + id_no(1))
    assert landing.take()["deaths.csv"].status == "refused"
    assert landing.take()["deaths.csv"].status == "refused"
    assert open_warehouse(landing.warehouse).deliveries().count().execute() == 1


RESIDENTS = ["身份证号", "姓名", "性别", "出生日期", "户籍户号"]
REGISTER = csv(RESIDENTS, [id_no(1), "练习", "男", "1970-01-02", "HK1"])


def registers(landing: Landing, *days: str) -> list[str]:
    """What became of the register's files received on these days."""
    entries = run_intake(landing.folder, landing.warehouse, KEY, workers=1)
    return [next(e.status for e in entries if day in e.file) for day in days]


def test_a_copy_of_a_refused_register_is_judged_by_its_own_note(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    first, second, third = (f"public_security/2024-0{month}-25/residents.csv" for month in (2, 3, 4))
    for place in (first, second, third):
        landing.deliver(place, REGISTER)
    landing.note(first, rows=900, sha256="0" * 64)
    landing.note(second, rows=1)
    days = ("02-25", "03-25", "04-25")
    assert registers(landing, *days) == ["refused", "taken", "repeated"]
    assert registers(landing, *days) == ["refused", "known", "known"]
    assert landing.rows("residents", "id_no", "received_on") == [(id_no(1), date(2024, 3, 25))]
    calendar = load_calendar(open_warehouse(landing.warehouse))
    assert calendar.received["residents"] == (date(2024, 3, 25), date(2024, 4, 25))


def test_a_copy_of_a_refused_file_is_refused_and_no_answer(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    for place in (JANUARY, FEBRUARY):
        landing.deliver(place, "身份证号\n" + id_no(1))
    for _ in range(2):
        entries = run_intake(landing.folder, landing.warehouse, KEY)
        assert [entry.status for entry in entries] == ["refused", "refused"]
    assert "deaths" not in load_calendar(open_warehouse(landing.warehouse)).received


def test_a_refused_register_sent_again_with_the_right_note_is_taken_by_a_later_run(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    first, second = (f"public_security/2024-0{month}-25/residents.csv" for month in (2, 3))
    landing.deliver(first, REGISTER)
    landing.note(first, rows=900, sha256="0" * 64)
    assert registers(landing, "02-25") == ["refused"]
    landing.deliver(second, REGISTER)
    landing.note(second, rows=1)
    assert registers(landing, "02-25", "03-25") == ["refused", "taken"]


def test_a_refused_register_whose_note_is_put_right_is_judged_anew(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    place = "public_security/2024-02-25/residents.csv"
    landing.deliver(place, REGISTER)
    landing.note(place, rows=900, sha256="0" * 64)
    assert registers(landing, "02-25") == ["refused"]
    landing.note(place, rows=1)
    assert registers(landing, "02-25") == ["taken"]


def test_what_an_earlier_version_called_a_copy_of_a_refused_file_is_judged_anew(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(JANUARY, deaths(1))
    entry = landing.take()["deaths.csv"]
    catalogue = Catalogue.open(landing.warehouse, KEY)
    catalogue.record(replace(entry, status="repeated", path=None, rows_in=0, rows_taken=0))
    catalogue.close()
    assert landing.take()["deaths.csv"].status == "taken"
    assert landing.rows("deaths", "id_no") == [(id_no(1),)]


def test_a_file_that_is_not_in_the_catalogue_is_not_visible(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(JANUARY, deaths(1))
    entry = landing.take()["deaths.csv"]
    stray = landing.warehouse / "tables/deaths/stray.parquet"
    stray.write_bytes((landing.warehouse / str(entry.path)).read_bytes())
    assert landing.rows("deaths", "id_no") == [(id_no(1),)]


def test_a_run_that_fails_between_two_files_goes_on_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing = Landing(tmp_path)
    landing.deliver(JANUARY, deaths(1))
    married = csv(["男方身份证号", "女方身份证号", "结婚日期"], [id_no(4), id_no(5), "2024-01-01"])
    landing.deliver("civil_affairs/2024-03-05/marriages.csv", married)

    def failing(task: taking.Task) -> list[Entry]:
        if task.table == "marriages":
            raise KeyboardInterrupt
        return taking.run_task(task)

    with monkeypatch.context() as patched:
        patched.setattr(run, "run_task", failing)
        with pytest.raises(KeyboardInterrupt):
            landing.take()
    assert landing.rows("deaths", "id_no") == [(id_no(1),)]
    assert landing.rows("marriages", "id_no_a") == []
    entries = landing.take()
    assert (entries["deaths.csv"].status, entries["marriages.csv"].status) == ("known", "taken")
    assert landing.rows("marriages", "id_no_a") == [(id_no(4),)]


def test_a_run_that_is_killed_leaves_a_warehouse_that_the_next_run_completes(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    for day in range(1, 29):
        landing.deliver(f"civil_affairs/2024-02-{day:02d}/deaths.csv", deaths(*range(day, day + 20)))
    slow = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from features.intake import run\n"
        "run.TASK_FILES = 1\n"
        "run.run_intake(Path(sys.argv[1]), Path(sys.argv[2]), 'practice',\n"
        "               lambda entry, done, total: (print(done, flush=True), time.sleep(0.05)), workers=1)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", slow, str(landing.folder), str(landing.warehouse)], stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    while child.stdout.readline().strip() != b"5":
        assert child.poll() is None
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    done = len(landing.rows("deaths", "id_no")) // 20
    assert 5 <= done < 28
    entries = run_intake(landing.folder, landing.warehouse, KEY, workers=1)
    assert [entry.status for entry in entries].count("known") == done
    assert len(landing.rows("deaths", "id_no")) == 28 * 20
    assert not list(landing.warehouse.rglob("*.part"))


def test_what_is_stored_of_a_file_does_not_depend_on_the_files_it_was_read_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a run that was killed the next one meets fewer new files, so they are read in other groups."""
    landing = Landing(tmp_path)
    header = ["男方身份证号", "女方身份证号", "结婚日期", "离婚日期"]
    together, apart = [id_no(4), id_no(5), "2024-01-01", ""], [id_no(6), id_no(7), "2023-01-01", "2024-01-02"]
    unreadable = ["3.30102E+17", id_no(9), "2023-01-01", "2024-01-02"]
    landing.deliver("civil_affairs/2024-02-05/marriages.csv", csv(header, apart, unreadable, apart))
    landing.deliver("civil_affairs/2024-03-05/marriages.csv", csv(header, together, apart))
    contents = []
    for files in (40, 1):
        monkeypatch.setattr(run, "TASK_FILES", files)
        landing.warehouse = tmp_path / f"by {files}"
        landing.take()
        contents.append(content(landing.warehouse))
    assert contents[0] == contents[1]
    assert [name.split("/")[0] for name in contents[0]["files"]].count("unidentified") == 1


def test_two_runs_at_once_end_with_a_sentence(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(JANUARY, deaths(1))
    holding = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from features.engines import Catalogue\n"
        "held = Catalogue.open(Path(sys.argv[1]), 'practice')\n"
        "print('open', flush=True)\n"
        "time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", holding, str(landing.warehouse)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    try:
        child.stdout.readline()
        second = subprocess.run(
            [sys.executable, "-m", "features", "intake", "--landing", str(landing.folder),
             "--warehouse", str(landing.warehouse)],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        with pytest.raises(UserError, match="another run is writing it"):
            open_warehouse(landing.warehouse)
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
    assert second.returncode == 2
    assert "another run is writing it; wait until it ends." in second.stderr
    assert "Traceback" not in second.stderr


def test_another_pseudonym_key_is_refused(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(JANUARY, deaths(1))
    landing.take()
    with pytest.raises(UserError, match="made under another pseudonym key"):
        run_intake(landing.folder, landing.warehouse, "another")
    Catalogue.open(landing.warehouse, KEY).close()


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(JANUARY, deaths(1) + "无,2024-01-05\n")
    (entry,) = try_intake(landing.folder, landing.warehouse, KEY)
    assert (entry.status, entry.rows_in, entry.rows_taken, entry.rows_quarantined) == ("taken", 2, 1, 1)
    assert not landing.warehouse.exists()


def test_a_failure_of_ours_over_one_file_is_that_file_s_refusal_without_its_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing = Landing(tmp_path)
    landing.deliver(JANUARY, deaths(1))
    landing.deliver(FEBRUARY, deaths(2))
    reading = taking._read

    def failing(source: object, arrival: taking.Arrival) -> object:
        if arrival.file == FEBRUARY:
            raise RuntimeError(id_no(2))
        return reading(source, arrival)  # type: ignore[arg-type]

    monkeypatch.setattr(taking, "_read", failing)
    statuses = {e.file: (e.status, e.reason) for e in run_intake(landing.folder, landing.warehouse, KEY)}
    assert statuses[JANUARY] == ("taken", None)
    assert statuses[FEBRUARY] == ("refused", "读入程序出错（RuntimeError），请把这份文件交给维护人员查看。")


def test_a_row_that_is_unaccounted_for_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    landing = Landing(tmp_path)
    landing.deliver(JANUARY, deaths(1, 2))
    writing = taking.write_converted
    monkeypatch.setattr(taking, "write_converted", lambda raw, *others: writing(raw.slice(0, 1), *others))
    with pytest.raises(AssertionError, match="rows in 2, 1 taken, 0 set aside"):
        landing.take()
    assert landing.rows("deaths", "id_no") == []


CELLS = st.one_of(
    st.sampled_from(
        [id_no(1), "2024-01-05", "", "无", "9.90102E+17", '"', '"a', 'a"b', "，", "\ufffd", "=1", "'"]
    ),
    st.text(alphabet=st.characters(exclude_characters="\n\r\x00", exclude_categories=["Cs"]), max_size=8),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=8))
def test_no_row_is_ever_lost(tmp_path: Path, rows: list[list[str]]) -> None:
    """Whatever stands in the cells, with or without quotes that close: each line that is no blank counts."""
    folder = tmp_path / str(time.monotonic_ns())
    landing = Landing(folder)
    lines = [",".join(cells) for cells in rows] + [f"{id_no(9)},2024-01-09"]
    landing.deliver(JANUARY, "\n".join([",".join(HEADER), *lines, ""]))
    entry = landing.take()["deaths.csv"]
    assert entry.status == "taken", entry.reason
    written = [line for line in lines if line.strip().strip(",")]
    assert entry.rows_in == entry.rows_taken + entry.rows_quarantined
    assert len(written) - entry.rows_in <= sum(line.count('"') for line in lines)  # quotes may join lines
    if not any('"' in line for line in lines):
        assert entry.rows_in == len(written)
    assert id_no(9) in {number for (number,) in landing.rows("deaths", "id_no")}


def test_the_command_ends_with_json_by_department_and_the_quarantine_can_be_shown(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(JANUARY, deaths(1) + "无,2024-01-05\n")
    landing.deliver(FEBRUARY, "")
    where = ["--warehouse", str(landing.warehouse), "--json"]
    taken = CliRunner().invoke(app, ["intake", "--landing", str(landing.folder), *where])
    assert taken.exit_code == 0, taken.output
    result = json.loads(taken.stdout.splitlines()[-1])
    assert (result["rows_taken"], result["rows_quarantined"]) == ({"civil_affairs": 1}, {"civil_affairs": 1})
    assert (result["run"]["taken"], result["run"]["refused"]) == (1, 1)
    assert "文件是空的" in result["refusals"][0]["reason"]
    shown = CliRunner().invoke(app, ["quarantine", *where])
    (count,) = json.loads(shown.stdout.splitlines()[-1])["quarantine"]
    assert (count["column"], count["reason"], count["rows"]) == ("id_no", "身份证号：必填项为空", 1)
    assert id_no(1) not in taken.output + shown.output
    wrong = CliRunner().invoke(app, ["quarantine", *where, "--department", "weather"])
    assert isinstance(wrong.exception, UserError)
    assert "no such department; use one of civil_affairs" in str(wrong.exception)


def test_quarantine_files_name_file_row_and_column_but_never_a_value(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    secret = id_no(1)[:17] + ("1" if id_no(1)[17] != "1" else "2")
    landing.deliver(JANUARY, csv(HEADER, [secret, "2024-01-05"]))
    entry = landing.take()["deaths.csv"]
    rows = pq.read_table(landing.warehouse / f"quarantine/{entry.delivery_id}.parquet").to_pylist()
    assert rows == [
        {"file": JANUARY, "row_number": 2, "column": "id_no", "reason_zh": "身份证号：身份证号校验码不符"}
    ]
