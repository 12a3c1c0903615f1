"""How near a practice world is to what was published, and how its households' attributes hang together."""

import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from synthetic_data.fidelity_figures import ABOUT, FIGURES, Figure
from synthetic_data.fidelity_measures import MEASURES, Seen
from synthetic_data.landing_rows import delivered
from synthetic_data.scenarios import SCENARIOS

#: Fewer units give no figure.
LEAST = 30
VERDICTS = {
    "inside": ("范围内", "inside"),
    "outside": ("范围外", "outside"),
    "not_measurable": ("不可测", "not measurable"),
}
#: Column -> Chinese and English, in the order of the matrix.
ATTRIBUTES = {
    "persons": ("人口", "persons"),
    "per_capita_yuan_month": ("人均可计收入", "income a head"),
    "deposits_yuan": ("存款", "deposits"),
    "rural": ("农村", "rural"),
    "migrant": ("外来", "migrant"),
    "oldest_age": ("最大年龄", "oldest age"),
    "minors": ("未成年人", "minors"),
    "disabled": ("持残疾证人数", "disabled members"),
    "flexible_workers": ("灵活就业人数", "flexible workers"),
    "on_file": ("在册", "on file"),
}


def compare(folder: Path) -> dict[str, Any]:
    """Every declared figure with its verdict, Spearman's correlations over all households, planted cases.

    A figure is inside where the 95 % interval of what was measured meets the published range, so a small
    world is judged no harder than it can be measured. `UserError` where the folder holds no whole world.
    """
    seen = Seen(folder)
    figures = [_judged(figure, seen) for figure in FIGURES]
    return {
        "world": str(folder),
        "as_of": str(seen.as_of.date()),
        "households": len(seen.households),
        "about": ABOUT,
        "counts": {name: sum(f["verdict"] == name for f in figures) for name in VERDICTS},
        "figures": figures,
        "correlations": correlations(attributes(seen)),
        "scenarios": planted(seen),
    }


def _judged(figure: Figure, seen: Seen) -> dict[str, Any]:
    told: dict[str, Any] = {**asdict(figure), "measured": None, "interval": None, "of": 0, "why_not": ""}
    told["published"] = [told.pop("low"), told.pop("high")]
    if figure.measure is None:
        return told | {"verdict": "not_measurable", "why_not": figure.how}
    found = MEASURES[figure.measure](seen)
    if found.of < LEAST or not math.isfinite(found.value):
        return told | {"verdict": "not_measurable", "of": found.of, "why_not": f"fewer than {LEAST} units"}
    meets = found.low <= figure.high and found.high >= figure.low
    return told | {
        "verdict": "inside" if meets else "outside",
        "measured": found.value,
        "interval": [found.low, found.high],
        "of": found.of,
    }


def planted(seen: Seen) -> list[dict[str, Any]]:
    """Every declared case with the number of families that play it, in all and on file now."""
    cases = seen.told("scenarios")
    on_file = cases.household_no.isin(seen.on_file.household_no)
    return [
        {
            "name": scenario.name,
            "zh": scenario.zh,
            "en": scenario.en,
            "innocent": scenario.innocent,
            "look_alike": scenario.look_alike,
            "families": int((cases.scenario == scenario.name).sum()),
            "on_file": int((on_file & (cases.scenario == scenario.name)).sum()),
        }
        for scenario in SCENARIOS
    ]


def attributes(seen: Seen) -> pd.DataFrame:
    """One row a household where somebody lives; columns `ATTRIBUTES`."""
    people = seen.residents
    certified = delivered(seen.landing, "certificates").id_no
    people = people.assign(minor=people.age < 18, disabled=people.id_no.isin(certified))
    by_home = people.groupby("hukou_household_no").agg(
        oldest_age=("age", "max"), minors=("minor", "sum"), disabled=("disabled", "sum")
    )
    homes = seen.households[seen.households.persons > 0]
    homes = homes.assign(rural=~homes.urban, on_file=homes.household_no.isin(seen.on_file.household_no))
    joined = homes.join(by_home, on="hukou_household_no", how="inner")
    return joined[list(ATTRIBUTES)].astype(float)


def correlations(rows: pd.DataFrame) -> dict[str, dict[str, float | None]]:
    """Spearman's rank correlations of all pairs of columns; None where a column does not vary."""
    names = [str(name) for name in rows]
    matrix = rows.rank().corr().to_numpy()
    return {
        name: {
            other: None if math.isnan(value) else round(float(value), 4)
            for other, value in zip(names, line, strict=True)
        }
        for name, line in zip(names, matrix, strict=True)
    }
