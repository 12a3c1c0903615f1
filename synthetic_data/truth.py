"""The hidden truth for evaluation: a blind full audit that no city can afford."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from synthetic_data.departments.household_register import household_numbers
from synthetic_data.departments.rows import texts
from synthetic_data.economy import BUSINESS, INFORMAL, PLATFORM
from synthetic_data.outreach import RESULTS
from synthetic_data.scenarios import SCENARIOS
from synthetic_data.verification import ACTIONS, FINDINGS
from synthetic_data.world import World

SCENARIO_ROWS = pa.schema(
    [
        *((name, pa.string()) for name in ("household_no", "hukou_household_no", "id_no", "scenario")),
        ("from", pa.date32()),
        ("until", pa.date32()),
        ("innocent", pa.bool_()),
    ]
)
KINDS = ("honest", "rounding", "hiding")


def write_truth(world: World, folder: Path) -> None:
    """Write the two censuses (all delivered month-ends), the households' hidden state and the planted cases.

    A census row of month-end `as_of` says what a visit in the next month would find; recipients are
    those of that month's register (dibao and dibao_marginal).
    """
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(_verifications(world), folder / "census_verifications.parquet")
    pq.write_table(_outreach(world), folder / "census_outreach.parquet")
    pq.write_table(_households(world), folder / "households.parquet")
    pq.write_table(_scenarios(world), folder / "scenarios.parquet")


def _joined(parts: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _verifications(world: World) -> pa.Table:
    audit = _joined(world.work.audits)
    return pa.table(
        {
            "household_no": household_numbers(world, audit["household"]),
            "as_of": pa.array(world.clock.end(audit["month"])),
            "finding": texts(FINDINGS, audit["finding"]),
            "verified_income_yuan_month": audit["income"].astype(float),
            "months_affected": audit["months"].astype(np.int64),
            "action": texts(ACTIONS, audit["action"]),
            "persons": audit["persons"].astype(np.int64),
            "wallet_yuan_month": audit["wallet"].astype(float),
        }
    )


def _outreach(world: World) -> pa.Table:
    audit = _joined(world.work.outreach_audits)
    return pa.table(
        {
            "household_key": world.people.hukou_no[audit["household"]],
            "as_of": pa.array(world.clock.end(audit["month"])),
            "result": texts(RESULTS, audit["result"]),
        }
    )


def _households(world: World) -> pa.Table:
    people, household, month = world.people, world.household, world.clock.last
    homes = np.arange(people.households)
    return pa.table(
        {
            "household_no": household_numbers(world, homes),
            "hukou_household_no": people.hukou_no,
            "region_code": people.places.region_code,
            "reporting": texts(KINDS, world.reporting.kind),
            "persons": household.persons[:, month].astype(int),
            "countable_yuan_month": household.countable[:, month],
            "deposits_yuan": household.deposits[:, month].astype(float),
            "eligible": household.eligible[:, month],
            "property_over": household.property_over[:, month],
            "flexible_workers": _flexible_workers(world, month),
            "contact_stale": world.phones.on_file != world.phones.own,
            "lives_at": world.dwellings.lived(month),
            "information": world.reporting.take_up.information,
            "distance": world.reporting.take_up.distance,
            "stigma": world.reporting.take_up.stigma,
            "wallet_since": pa.array(_wallet_since(world)),
            "ever_authorised": world.work.files.ever_authorised > -1000,
        }
    )


def _wallet_since(world: World) -> np.ndarray:
    """First month with pay that goes to a relative's wallet, its first day; NaT where there is none."""
    paid = world.household.wallet > 0
    return np.where(paid.any(axis=1), world.clock.day(paid.argmax(axis=1), 1), np.datetime64("NaT", "D"))


def _scenarios(world: World) -> pa.Table:
    """One row a planted case; until: empty where it lasts beyond the last month."""
    cast, clock = world.cast, world.clock
    order = np.lexsort((cast.home, cast.scenario))
    cast = cast.where(order)
    open_ = cast.until > clock.last
    until = np.where(open_, np.datetime64("NaT"), clock.end(np.where(open_, 0, cast.until) - 1))
    return pa.table(
        {
            "household_no": household_numbers(world, cast.home),
            "hukou_household_no": world.people.hukou_no[cast.home],
            "id_no": world.people.id_no[cast.person],
            "scenario": texts([scenario.name for scenario in SCENARIOS], cast.scenario),
            "from": pa.array(clock.day(cast.begins, 1)),
            "until": pa.array(until),
            "innocent": np.array([scenario.innocent for scenario in SCENARIOS])[cast.scenario],
        },
        schema=SCENARIO_ROWS,
    )


def _flexible_workers(world: World, month: int) -> np.ndarray:
    """Members in work without a contract (day labour, platforms, small trade) that month, by household."""
    unit, job = world.truth.unit[:, month], world.truth.job[:, month]
    flexible = (unit >= 0) & np.isin(job, (INFORMAL, PLATFORM, BUSINESS))
    return np.bincount(unit[flexible], minlength=world.people.households)
