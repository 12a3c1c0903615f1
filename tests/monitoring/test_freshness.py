"""Which department fell silent, as of a date, and which delivery is too short."""

from datetime import date, timedelta

from features.sources import SOURCES
from monitoring import freshness
from monitoring.alerts import freshness_alerts
from monitoring.freshness import Arrival

AS_OF = date(2025, 12, 31)


def monthly(table: str, last: date, rows: int = 1000, months: int = 5) -> list[Arrival]:
    return [Arrival(table, last - timedelta(days=30 * back), rows, "taken") for back in range(months)]


def of(arrivals: list[Arrival], table: str, as_of: date = AS_OF) -> freshness.TableFreshness:
    return next(t for t in freshness.table_freshness(arrivals, as_of) if t.table == table)


def everything(last: date = date(2025, 12, 20)) -> list[Arrival]:
    return [arrival for table in SOURCES for arrival in monthly(table, last)]


def test_every_declared_table_is_listed_though_nothing_came() -> None:
    tables = freshness.table_freshness([], AS_OF)
    assert [t.table for t in tables] == list(SOURCES)
    assert {t.state for t in tables} == {freshness.NEVER}
    assert freshness_alerts(tables) == []


def test_all_in_time_raises_nothing() -> None:
    assert freshness_alerts(freshness.table_freshness(everything(), AS_OF)) == []


def test_age_goes_from_fresh_to_late_to_silent() -> None:
    days = {freshness.FRESH: 60, freshness.LATE: 70, freshness.SILENT: 94}
    for state, age in days.items():
        assert (
            of([Arrival("contributions", AS_OF - timedelta(days=age), 10, "taken")], "contributions").state
            == state
        )


def test_a_delivery_after_the_date_is_not_seen() -> None:
    arrivals = [*monthly("deaths", date(2025, 7, 1)), Arrival("deaths", date(2026, 1, 5), 1000, "taken")]
    assert of(arrivals, "deaths").last_received_on == date(2025, 7, 1)
    assert of(arrivals, "deaths").state == freshness.SILENT
    assert of(arrivals, "deaths", date(2026, 1, 6)).state == freshness.FRESH


def test_a_silent_department_is_told_once() -> None:
    arrivals = [a for a in everything() if SOURCES[a.table].department != "human_resources"]
    for table in ("contributions", "unemployment_benefits", "pensions"):
        arrivals += monthly(table, date(2025, 8, 1))
    tables = freshness.table_freshness(arrivals, AS_OF)
    assert freshness.silent_departments(tables) == ["human_resources"]
    (alert,) = freshness_alerts(tables)
    assert (alert.subject, alert.level, alert.value) == ("human_resources", "act", 152)
    assert "人社" in alert.zh
    assert "2025-08-01" in alert.en


def test_a_delivery_of_half_the_usual_rows_is_short_and_a_refused_one_is_told() -> None:
    arrivals = [*everything(date(2025, 11, 20)), Arrival("deaths", date(2025, 12, 20), 400, "taken")]
    arrivals.append(Arrival("marriages", date(2025, 12, 20), 0, "refused"))
    found = {a.subject: a for a in freshness_alerts(freshness.table_freshness(arrivals, AS_OF))}
    assert (found["deaths"].value, found["deaths"].threshold) == (400, 500)
    assert found["marriages"].n == 1


def test_a_table_of_few_rows_is_never_short() -> None:
    few = [*monthly("shareholders", date(2025, 11, 20), rows=7), Arrival("shareholders", AS_OF, 2, "taken")]
    assert not of(few, "shareholders").short


def test_the_same_content_sent_again_is_an_answer() -> None:
    again = [*monthly("deaths", date(2025, 7, 1)), Arrival("deaths", date(2025, 12, 20), 0, "repeated")]
    table = of(again, "deaths")
    assert table.state == freshness.FRESH
    assert not table.short
