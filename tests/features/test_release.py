"""Rows of the quarantine that come back corrected: known from then on, never twice, undone whole."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from benchmarks.kills import content
from features.__main__ import app
from features.engines import Catalogue, open_warehouse, read_entries
from features.errors import UserError
from features.household import Universe
from features.intake.export import run_export
from features.intake.release import run_release, undo_release
from features.intake.set_aside import CHANGED, GONE
from features.known import known
from features.linking import link_rows
from features.profile_series import input_hash, open_series
from features.quality.catalogue import read_catalogue
from features.sources import SOURCES
from tests.features.landing_folder import KEY, Landing, csv, id_no

DEATHS = "civil_affairs/2024-02-05/deaths.csv"
HEADER = ["身份证号", "死亡日期"]
WRONG = id_no(1)[:17] + ("1" if id_no(1)[17] != "1" else "2")
ON = date(2024, 3, 1)
Cells = Mapping[tuple[int, str], str]


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """Deaths of three people: one is good, one has a wrong digit, one a date that does not exist."""
    landing = Landing(tmp_path)
    rows = [[id_no(3), "2024-01-03"], [WRONG, "2024-01-05"], [id_no(2), "2024-13-01"]]
    landing.deliver(DEATHS, csv(HEADER, *rows))
    landing.take()
    return landing


def exported(landing: Landing, table: str = "deaths", out: str = "correct") -> Path:
    folder = landing.folder.parent / out
    run_export(landing.warehouse, landing.folder, folder)
    return folder / SOURCES[table].department / f"{table}.xlsx"


def sheet(path: Path) -> list[list[str]]:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return [[str(cell) for cell in row] for row in rows]


def correct(path: Path, cells: Cells, drop: tuple[int, ...] = ()) -> Path:
    """The workbook with other cells: by line as a person counts them (the header is 1) and header."""
    rows = sheet(path)
    corrected = path.with_name(f"back-{path.name}")
    for (line, header), cell in cells.items():
        rows[line - 1][rows[0].index(header)] = cell
    with xlsxwriter.Workbook(str(corrected)) as book:
        page = book.add_worksheet()
        for number, row in enumerate(row for line, row in enumerate(rows, start=1) if line not in drop):
            for place, cell in enumerate(row):
                page.write_string(number, place, cell)
    return corrected


def deaths(landing: Landing, as_of: date) -> list[tuple[str, str, str]]:
    rows = known(open_warehouse(landing.warehouse).table("deaths"), SOURCES["deaths"], as_of)
    told = rows.to_pyarrow().to_pylist()
    return sorted((row["id_no"], str(row["died_on"]), str(row["received_on"])) for row in told)


def state(landing: Landing) -> tuple[Any, ...]:
    """All that a release may change: stored content, what is known and when, what a profile is made from."""
    opened = open_warehouse(landing.warehouse)
    rows = {name: opened.table(name).to_pyarrow().to_pylist() for name in ("deaths", "residents")}
    series = open_series(landing.warehouse, KEY, landing.folder.parent / "out")
    hashes = [input_hash(series, Universe.ON_FILE, day) for day in (date(2024, 2, 28), ON)]
    return content(landing.warehouse), rows, hashes, read_entries(landing.warehouse, "released")


def command(*arguments: object) -> tuple[int, dict[str, Any], str]:
    done = CliRunner().invoke(app, [str(argument) for argument in ("quarantine", *arguments)])
    if isinstance(done.exception, UserError):
        return 2, {}, str(done.exception)
    lines = done.stdout.strip().splitlines()
    return done.exit_code, json.loads(lines[-1]) if "--json" in arguments else {}, done.output


def test_a_row_goes_out_comes_back_corrected_and_is_known_from_its_release_on(landing: Landing) -> None:
    path = exported(landing)
    header, first, second = sheet(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert first[1:6] == [DEATHS, "3", "身份证号", "身份证号：身份证号校验码不符", ""]
    assert first[header.index("身份证号")] == WRONG
    assert second[header.index("死亡日期")] == "2024-13-01"

    back = correct(path, {(2, "身份证号"): id_no(1), (3, "死亡日期"): "2024年1月7日"})
    before = state(landing)
    done = run_release(back, landing.warehouse, KEY, "0107", ON)
    assert (done.released, done.already, done.faults) == (2, 0, ())
    earlier = [(id_no(3), "2024-01-03", "2024-02-05")]
    assert deaths(landing, date(2024, 2, 29)) == earlier
    released = [(id_no(1), "2024-01-05", "2024-03-01"), (id_no(2), "2024-01-07", "2024-03-01")]
    assert deaths(landing, ON) == sorted(earlier + released)
    hashes = state(landing)[2]
    assert hashes[0] == before[2][0]  # a profile of an earlier date need not be made anew
    assert hashes[1] != before[2][1]


def test_every_row_is_accounted_for_in_the_overview(landing: Landing) -> None:
    back = correct(exported(landing), {(2, "身份证号"): id_no(1)})
    where = ("--warehouse", landing.warehouse, "--json")
    released = command("release", *where, "--read", back, "--by", "0107", "--on", "2024-03-01")[1]
    assert (released["released"], released["still_bad"]) == (
        1,
        [{"line": 3, "column": "died_on", "reason_zh": "死亡日期：不是可识别的日期"}],
    )
    for words in (where, ("show", *where)):
        shown = command(*words)[1]
        counts = {"rows_in": 3, "rows_taken": 1, "released": 1, "waiting": 1}
        assert shown["accounts"] == {"civil_affairs": counts}
        assert [count["column"] for count in shown["quarantine"]] == ["died_on"]
        assert shown["releases"] == [
            {"release": released["release"], "table": "deaths", "rows": 1, "by": "0107", "on": "2024-03-01"}
        ]
    told = [list(read_catalogue(landing.warehouse, day)[1]) for day in (date(2024, 2, 29), ON)]
    assert [sum(rejected.rows for rejected in rows) for rows in told] == [2, 1]
    assert sheet(exported(landing, out="again"))[1:][0][2] == "4"  # only what waits goes out again


def test_a_row_that_still_cannot_be_read_stays_and_may_come_back_later(landing: Landing) -> None:
    path = exported(landing)
    first = correct(path, {(2, "身份证号"): id_no(1)})
    assert run_release(first, landing.warehouse, KEY, "0107", ON).faults[0].line == 3
    both = correct(path, {(2, "身份证号"): id_no(1), (3, "死亡日期"): "20240107"})
    done = run_release(both, landing.warehouse, KEY, "0108", date(2024, 3, 9))
    assert (done.released, done.already, done.faults) == (1, 1, ())
    assert len(deaths(landing, date(2024, 3, 8))) == 2
    assert len(deaths(landing, date(2024, 3, 9))) == 3


def test_the_same_file_twice_changes_nothing(landing: Landing) -> None:
    back = correct(exported(landing), {(2, "身份证号"): id_no(1)})
    run_release(back, landing.warehouse, KEY, "0107", ON)
    before = state(landing)
    again = run_release(back, landing.warehouse, KEY, "0108", date(2024, 4, 1))
    assert (again.release, again.released, again.already) == (None, 0, 1)
    assert landing.take()["deaths.csv"].status == "known"
    assert state(landing) == before


def test_an_undone_release_leaves_everything_as_it_was(landing: Landing) -> None:
    before = state(landing)
    path = exported(landing)
    one = run_release(
        correct(path, {(2, "身份证号"): id_no(1)}, drop=(3,)), landing.warehouse, KEY, "0107", ON
    )
    between = state(landing)
    run_release(correct(path, {(3, "死亡日期"): "20240107"}, drop=(2,)), landing.warehouse, KEY, "0107", ON)
    taken_back, rows = undo_release(landing.warehouse, KEY)
    assert rows == 1
    assert state(landing) == between
    assert one.release is not None
    assert undo_release(landing.warehouse, KEY, one.release.release_id[:12]) == (one.release, 1)
    assert taken_back != one.release
    assert state(landing) == before
    with pytest.raises(UserError, match="there is no release to take back"):
        undo_release(landing.warehouse, KEY)


def test_a_dry_run_says_the_same_and_writes_nothing(landing: Landing) -> None:
    back = correct(exported(landing), {(2, "身份证号"): id_no(1)})
    before = {p: p.read_bytes() for p in landing.warehouse.rglob("*") if p.is_file()}
    where = ("--warehouse", landing.warehouse, "--read", back, "--by", "0107", "--on", "2024-03-01", "--json")
    tried = command("release", *where, "--dry-run")[1]
    assert {p: p.read_bytes() for p in landing.warehouse.rglob("*") if p.is_file()} == before
    done = command("release", *where)[1]
    assert tried == {**done, "dry_run": True}
    assert done["released"] == 1


def test_a_later_delivery_of_the_same_record_is_not_put_back_by_an_older_row(landing: Landing) -> None:
    path = exported(landing)
    landing.deliver("civil_affairs/2024-02-20/deaths.csv", csv(HEADER, [id_no(1), "2024-01-06"]))
    landing.take()
    run_release(correct(path, {(2, "身份证号"): id_no(1)}), landing.warehouse, KEY, "0107", ON)
    assert (id_no(1), "2024-01-06", "2024-02-20") in deaths(landing, ON)
    assert len(deaths(landing, ON)) == 2


def register(*persons: int, wrong: tuple[int, ...] = ()) -> str:
    header = ["身份证号", "姓名", "性别", "出生日期", "户籍户号"]
    return csv(
        header,
        *(
            [id_no(p), f"张{p}", "男", "1970-13-01" if p in wrong else "1970-01-02", f"HK{p}"]
            for p in persons
        ),
    )


def residents(landing: Landing, as_of: date, latest: date | None = None) -> list[str]:
    table = open_warehouse(landing.warehouse).table("residents")
    rows = known(table, SOURCES["residents"], as_of, latest).to_pyarrow().to_pylist()
    return sorted(row["id_no"] for row in rows)


def test_a_row_released_into_a_register_stands_beside_the_others_until_the_next_register(
    landing: Landing,
) -> None:
    landing.deliver("public_security/2024-02-25/residents.csv", register(1, 2, 3, wrong=(3,)))
    landing.take()
    path = correct(exported(landing, "residents"), {(2, "出生日期"): "1970-01-02"})
    run_release(path, landing.warehouse, KEY, "0107", ON)
    day = date(2024, 2, 25)
    for latest in (None, day):
        assert residents(landing, date(2024, 2, 29), latest) == sorted([id_no(1), id_no(2)])
        assert residents(landing, ON, latest) == sorted([id_no(1), id_no(2), id_no(3)])
    landing.deliver("public_security/2024-03-25/residents.csv", register(1, 2))
    landing.take()
    for latest in (None, date(2024, 3, 25)):
        assert residents(landing, date(2024, 3, 25), latest) == sorted([id_no(1), id_no(2)])


def test_a_row_of_a_register_that_has_been_replaced_is_not_released(landing: Landing) -> None:
    landing.deliver("public_security/2024-02-25/residents.csv", register(1, 2, 3, wrong=(3,)))
    landing.take()
    path = correct(exported(landing, "residents"), {(2, "出生日期"): "1970-01-02"})
    landing.deliver("public_security/2024-03-25/residents.csv", register(1, 2))
    landing.take()
    before = state(landing)
    done = run_release(path, landing.warehouse, KEY, "0107", date(2024, 3, 26))
    assert (done.release, done.released, len(done.faults)) == (None, 0, 1)
    assert "不能再放行旧行" in done.faults[0].reason_zh
    assert state(landing) == before
    found = run_export(landing.warehouse, landing.folder, landing.folder.parent / "later")
    assert (found.superseded, [book.table for book in found.workbooks]) == (1, ["deaths"])
    landing.deliver("public_security/2024-04-25/residents.csv", register(1, 2, 3, wrong=(3,)))
    landing.take()  # the first register came again, so its row is asked for again
    assert run_release(path, landing.warehouse, KEY, "0107", date(2024, 4, 26)).released == 1
    assert run_export(landing.warehouse, landing.folder, landing.folder.parent / "last").superseded == 0


def test_a_file_replaced_in_its_place_takes_its_released_rows_with_it(landing: Landing) -> None:
    run_release(correct(exported(landing), {(2, "身份证号"): id_no(1)}), landing.warehouse, KEY, "0107", ON)
    landing.deliver(DEATHS, csv(HEADER, [id_no(3), "2024-01-03"], [id_no(1), "2024-01-05"]))
    landing.take()
    assert [row[0] for row in deaths(landing, ON)] == sorted([id_no(3), id_no(1)])


def test_a_row_that_was_linked_counts_once_before_and_after_its_release(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver("public_security/2024-01-25/residents.csv", register(1, 2, 3))
    header = ["身份证号", "姓名", "扣缴义务人代码", "所得项目", "月份", "收入额"]
    typo = id_no(1)[:9] + str((int(id_no(1)[9]) + 1) % 10) + id_no(1)[10:]
    wage = [typo, "张1", "91350100M000100Y43", "工资薪金", "2024-01", "3000"]
    landing.deliver("taxation/2024-02-26/withholding.csv", csv(header, wage))
    landing.take()

    def wages(as_of: date) -> list[tuple[str, bool]]:
        table = open_warehouse(landing.warehouse).table("withholding")
        rows = known(table, SOURCES["withholding"], as_of).to_pyarrow().to_pylist()
        return [(row["id_no"], row["link_probability"] is not None) for row in rows]

    # The department says that it was somebody else than the number and the name suggest.
    path = correct(exported(landing, "withholding"), {(2, "身份证号"): id_no(2), (2, "姓名"): "张2"})
    run_release(path, landing.warehouse, KEY, "0107", ON)
    link_rows(landing.warehouse, KEY)
    assert wages(date(2024, 2, 29)) == [(id_no(1), True)]
    assert wages(ON) == [(id_no(2), False)]
    undo_release(landing.warehouse, KEY)
    assert wages(ON) == [(id_no(1), True)]


def test_nobody_is_asked_about_a_link_whose_row_was_released(landing: Landing) -> None:
    (entry,) = read_entries(landing.warehouse, "taken")
    doubtful = {"table": "deaths", "delivery_id": entry.delivery_id, "row_number": 3, "column": "id_no"}
    found = {"received_on": entry.received_on, "written": WRONG, "person_id": "P1", "probability": 0.5}
    back = correct(exported(landing), {(2, "身份证号"): id_no(1)})
    catalogue = Catalogue.open(landing.warehouse, KEY)
    empty = catalogue.connection.sql("SELECT * FROM links").to_arrow_table()
    catalogue.replace_links(pa.Table.from_pylist([doubtful | found], schema=empty.schema))
    assert [line["rows"] for line in catalogue.links_to_review()] == [1]
    catalogue.close()
    run_release(back, landing.warehouse, KEY, "0107", ON)
    catalogue = Catalogue.open(landing.warehouse, KEY)
    assert catalogue.links_to_review() == []
    catalogue.close()


def test_a_landing_file_that_is_gone_or_has_changed_is_said_and_nothing_is_guessed(landing: Landing) -> None:
    (landing.folder / DEATHS).write_text(csv(HEADER, [id_no(8), "2024-01-03"], [id_no(9), "2024-01-03"]))
    header, *lines = sheet(exported(landing))
    assert [line[5] for line in lines] == [CHANGED, CHANGED]
    assert {line[header.index("身份证号")] for line in lines} == {""}
    (landing.folder / DEATHS).unlink()
    path = exported(landing, out="gone")
    assert [line[5] for line in sheet(path)[1:]] == [GONE, GONE]
    back = correct(path, {(2, "身份证号"): id_no(1), (2, "死亡日期"): "2024-01-05"}, drop=(3,))
    assert run_release(back, landing.warehouse, KEY, "0107", ON).released == 1


def test_a_line_that_cannot_be_split_and_amounts_in_ten_thousands_go_out_as_they_stand(
    tmp_path: Path,
) -> None:
    landing = Landing(tmp_path)
    header = ["身份证号", "机构名称", "资产类型", "余额(万元)", "余额日期"]
    names = {c.name: c for c in SOURCES["balances"].columns}
    rows = [
        [id_no(1), "某银行", "存款", "1.2", "2024-01-31"],
        [id_no(2), "某银行", "存款", "1.5", "2024-13-31"],
        [id_no(3), "某银行", "存款", "1.5", "2024-01-31", "多出的一格"],
    ]
    landing.deliver("financial/2024-02-05/balances.csv", csv(header, *rows))
    entry = landing.take()["balances.csv"]
    assert entry.status == "taken", entry.reason
    path = exported(landing, "balances")
    written, first, second = sheet(path)
    amount = f"{names['balance_yuan'].zh}（万元）"
    assert first[written.index(amount)] == "1.5"
    assert second[-1] == ",".join(rows[2])
    day = names["as_of_on"].zh
    run_release(correct(path, {(2, day): "2024-01-31"}, drop=(3,)), landing.warehouse, KEY, "0107", ON)
    stored = open_warehouse(landing.warehouse).table("balances").to_pyarrow().to_pylist()
    assert sorted(str(row["balance_yuan"]) for row in stored) == ["12000.00", "15000.00"]


@pytest.mark.parametrize(
    ("cells", "drop", "on", "said"),
    [
        ({(2, "编号"): "制表人：某某"}, (), ON, "line 2 has no number of ours"),
        ({(2, "编号"): "0123456789abcdef-3"}, (), ON, "name no row of this warehouse's quarantine"),
        ({(1, "死亡日期"): "日期"}, (), ON, "missing, renamed or moved, first 死亡日期"),
        ({(1, "编号"): "序号"}, (), ON, "has another header"),
        ({}, (2, 3), ON, "name no row of this warehouse's quarantine"),
        ({}, (), date(2024, 2, 4), "dated before the last delivery"),
    ],
)
def test_a_file_that_is_not_the_exported_one_releases_nothing(
    landing: Landing, cells: Cells, drop: tuple[int, ...], on: date, said: str
) -> None:
    back = correct(exported(landing), {(2, "身份证号"): id_no(1), **cells}, drop)
    before = content(landing.warehouse)
    with pytest.raises(UserError, match=said) as refused:
        run_release(back, landing.warehouse, KEY, "0107", on)
    assert id_no(1) not in str(refused.value)
    assert content(landing.warehouse) == before
    assert read_entries(landing.warehouse, "released") == []


def test_a_release_that_is_killed_leaves_what_was_there_before(landing: Landing) -> None:
    back = correct(exported(landing), {(2, "身份证号"): id_no(1)})
    before = deaths(landing, ON)
    killed = (
        "import os, signal, sys\n"
        "from datetime import date\n"
        "from pathlib import Path\n"
        "from features.engines import catalogue\n"
        "from features.intake import release\n"
        "def dying(cursor, entry):\n"
        "    insert(cursor, entry)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "insert, catalogue._insert_entry = catalogue._insert_entry, dying\n"
        "release.run_release(Path(sys.argv[1]), Path(sys.argv[2]), 'practice', '0107', date(2024, 3, 1))\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", killed, back, landing.warehouse], cwd=os.getcwd(), timeout=120
    )
    assert child.returncode == -signal.SIGKILL
    assert deaths(landing, ON) == before
    assert read_entries(landing.warehouse, "released") == []
    assert run_release(back, landing.warehouse, KEY, "0107", ON).released == 1
    assert len(deaths(landing, ON)) == 2


def test_while_another_run_writes_a_release_ends_with_its_sentence(landing: Landing) -> None:
    back = correct(exported(landing), {(2, "身份证号"): id_no(1)})
    holding = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from features.engines import Catalogue\n"
        "held = Catalogue.open(Path(sys.argv[1]), 'practice')\n"
        "print('open', flush=True)\n"
        "time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", holding, landing.warehouse], stdout=subprocess.PIPE)
    assert child.stdout is not None
    try:
        child.stdout.readline()
        with pytest.raises(UserError, match="another run is writing it; wait until it ends"):
            run_release(back, landing.warehouse, KEY, "0107", ON)
        with pytest.raises(UserError, match="another run is writing it; wait until it ends"):
            undo_release(landing.warehouse, KEY)
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def test_an_export_never_writes_over_a_corrected_file(landing: Landing) -> None:
    path = exported(landing)
    with pytest.raises(UserError, match="is not empty"):
        exported(landing)
    assert path.exists()
    assert command("export", "--warehouse", landing.warehouse)[0] == 2
    assert command("--warehouse", landing.warehouse, "undo")[2].startswith("选项请写在 undo 之后")
    Catalogue.open(landing.warehouse, KEY).close()  # no lock is left
