"""The month's plan of re-verifications: whose review is due, who is worth a visit before it is, and the lot.

What is due is read from profiles, the rules' classes and the dated parameters; `models.planning` chooses.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from features.parameters import Parameters, load
from features.profile_files import read_columns
from models import exit_due
from models.bundle import Bundle
from models.planning import Recipients, StreetPlan, plan_month
from models.scoring import probability
from serving.answered import How, Progress, answer
from serving.casework.records import Row
from serving.dictionary import make_dictionary
from serving.digests import run_name
from serving.drawing import Draw, cohort, make_draw, strata, true_findings
from serving.inputs import City, check_features, digests, flags, load_bundles, load_city, objects
from serving.work import open_work

Floats = npt.NDArray[np.float64]

#: The parameter of a review class.
Named = Callable[[str | None], str | None]

#: Months since somebody last looked into the household: a visit, or the grant.
SINCE = "change_months_since_looked_into"
#: The rules' class A: pay that comes and goes and somebody who can work, whom the law asks about half-yearly.
RESTLESS = "status_review_class_a"


@dataclass(frozen=True)
class MonthPlan:
    """A city's plan of the month after `as_of`, and the draw that replays it."""

    as_of: date
    draw: Draw
    plans: list[StreetPlan]
    rows: list[Row]
    districts: dict[str, Any]

    def counts(self) -> dict[str, Any]:
        """Visits by reason, and households that a floor asks for and no visit is left for."""
        short: Counter[str] = Counter()
        for plan in self.plans:
            short.update(plan.short)
        return {
            "streets": len(self.plans),
            "visits": len(self.rows),
            "by_reason": dict(Counter(row["reason"] for row in self.rows)),
            "short": dict(short),
        }


def make_plan(
    profiles_folder: Path,
    bundles_folder: Path,
    as_of: date,
    *,
    pseudonym_key: str,
    seed: int,
    share: float,
    work: Path,
    num_threads: int,
    progress: Progress,
) -> MonthPlan:
    """Every street's plan of the month after `as_of`; nothing is written but answers below `work`.

    share: visits of a street over its recipients. `UserError` for what is missing. What a batch has answered
    in the same work folder is used, and the other way round.
    """
    bundles = load_bundles(bundles_folder)
    bundle, city = bundles[exit_due.QUESTION], load_city(profiles_folder, "on_file", as_of)
    check_features(bundle, city)
    draw = make_draw(pseudonym_key, as_of, seed)
    run = run_name(digests(profiles_folder, as_of, bundles) | {"draw": draw.check}, bundles)
    how = How(open_work(work, run), num_threads, progress)
    asked = recipients(city, bundle, load(), how)
    streets = Counter(asked.street_code.tolist())
    capacity = {street: max(1, round(share * count)) for street, count in streets.items()}
    plans = plan_month(asked, capacity, key=draw.key)
    districts = make_dictionary(sorted(city.columns), bundles)["districts"]
    return MonthPlan(as_of, draw, plans, plan_rows(plans, city), districts)


def recipients(city: City, bundle: Bundle, values: Parameters, how: How) -> Recipients:
    """Whom the plan is about, with what is due and how likely the benefit should end; arrays (n,)."""
    members = cohort(city.profiles, bundle.categories)
    raw = answer(bundle, city, members, how, stage=bundle.question, reasons=True).raw()
    homes = city.profiles.households.take(pa.array(members))
    since = _beside(city, "profiles", SINCE, city.profiles.ids[members]).astype(float) + 1
    restless = _beside(city, "judgements", RESTLESS, city.profiles.ids[members]) == "true"
    found = true_findings(city, bundle.question)
    return Recipients(
        household_id=city.profiles.ids[members],
        street_code=objects(homes, "street_code"),
        stratum=strata(city.profiles)[members],
        legal_overdue=since - _legal_months(homes, restless, values, city.as_of),
        class_overdue=since - _class_months(homes, values, city.as_of),
        exit_probability=np.where(np.isnan(raw), np.nan, probability(bundle, np.nan_to_num(raw))),
        finding=np.array([household in found for household in city.profiles.ids[members]], dtype=bool),
        vulnerable=flags(homes, "vulnerable"),
    )


def plan_rows(plans: list[StreetPlan], city: City) -> list[Row]:
    """One row a visit, by street and order, with what a sheet prints of the household."""
    columns = ("number", "region_code", "category", "review_class", "person_count")
    homes = city.profiles.households
    of = dict(zip(city.profiles.ids, range(len(homes)), strict=True))
    told = {name: homes[name].to_pylist() for name in columns}
    return [
        {**asdict(visit), **{name: told[name][of[visit.household_id]] for name in columns}}
        for plan in plans
        for visit in plan.visits
    ]


def _legal_months(homes: pa.Table, restless: npt.NDArray[np.bool_], values: Parameters, on: date) -> Floats:
    stable = _of_places(homes, values, on, lambda _: "review_stable_months_max")
    unstable = _of_places(homes, values, on, lambda _: "review_unstable_months_max")
    return np.where(restless, unstable, stable)


def _class_months(homes: pa.Table, values: Parameters, on: date) -> Floats:
    """The cycle of each household's class on file; NaN without a class."""

    def name(review_class: str | None) -> str | None:
        return f"review_class_{review_class.lower()}_months" if review_class else None

    return _of_places(homes, values, on, name)


def _of_places(
    homes: pa.Table, values: Parameters, on: date, name: Callable[[str | None], str | None]
) -> Floats:
    """A parameter of each household's district and side; `name` is asked with its class."""
    rows = zip(*(homes[c].to_pylist() for c in ("review_class", "street_code", "urban_rural")), strict=True)
    kinds = [(name(letter), street[:6], side) for letter, street, side in rows]

    def months(wanted: str | None, district: str, side: str) -> float:
        return float(values.value(wanted, district, side, on)) if wanted else np.nan

    found = {kind: months(*kind) for kind in set(kinds)}
    return np.array([found[kind] for kind in kinds], dtype=np.float64)


def _beside(city: City, part: str, column: str, ids: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """A column of one of the files in the order of `ids`."""
    table = read_columns(city.folder, part, city.universe, city.as_of, ["household_id", column])
    told = dict(zip(table["household_id"].to_pylist(), table[column].to_pylist(), strict=True))
    return np.array([told.get(household) for household in ids], dtype=object)
