"""A delivery note's period beside the dates of its rows."""

import pytest

from features.intake.period import period_of
from tests.features.landing_folder import Landing, csv, id_no

JANUARY = 2024 * 12


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2024-01", (0, 0)),
        ("202401", (0, 0)),
        ("2024年1月", (0, 0)),
        ("2024.1", (0, 0)),
        ("2024-01-31", (0, 0)),
        ("2024-01 至 2024-03", (0, 2)),
        ("2024-01/2024-03", (0, 2)),
        ("2024Q2", (3, 5)),
        ("2024年第四季度", (9, 11)),
        ("2024", (0, 11)),
        ("2024年度", (0, 11)),
    ],
)
def test_a_period_is_read_as_departments_write_it(text: str, months: tuple[int, int]) -> None:
    assert period_of(text) == (JANUARY + months[0], JANUARY + months[1])


@pytest.mark.parametrize("text", ["", "上月", "2024-13", "24-01"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert period_of(text) is None


def noted(landing: Landing, period: str, *died: str) -> list[str]:
    rows = [[id_no(n), "练习", day] for n, day in enumerate(died, start=1)]
    landing.deliver("civil_affairs/2024-04-05/deaths.csv", csv(["身份证号", "姓名", "死亡日期"], *rows))
    landing.deliver("civil_affairs/2024-04-05/delivery.yaml", f"- {{table: deaths, period: {period}}}\n")
    return [text for text in landing.take()["deaths.csv"].assumptions if "期间" in text]


@pytest.mark.parametrize(
    ("period", "died", "said"),
    [
        ("2024-03", ("2024-03-01", "2024-03-31"), []),
        ("2024Q1", ("2024-01-01", "2024-03-31"), []),
        ("2024-03", ("2024-01-01", "2024-03-31"), ["期间是 2024-03，记录的死亡日期在 2024-01 至 2024-03"]),
        ("2024-02", ("2024-03-31", "不详"), ["期间是 2024-02，记录的死亡日期在 2024-03"]),
        ("上月", ("2024-03-31",), ["期间无法识别"]),
        ("2024-03", (), []),
    ],
)
def test_dates_outside_the_announced_period_are_remarked(
    tmp_path, period: str, died: tuple[str, ...], said: list[str]
) -> None:
    found = noted(Landing(tmp_path / "city"), period, *died)
    assert len(found) == len(said)
    assert all(part in text for part, text in zip(said, found, strict=True))
