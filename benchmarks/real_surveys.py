"""Two surveys of incomes: Spain's register incomes of 2024, tax units of the United States, 2012 to 2014."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.real_problem import Planted, Problem, RealSet, Reference, read, words

#: The dwelling, what is paid for it, computer and car: what a visitor sees, or a register holds.
HOUSING = words("HH010 HH021 HH030 HH060 HH070 HS090 HS110 cuotahip")
PLACE = words("DB040 DB100")
PERSON = words("RB082 RB090 RB211 RB280")
INCOMES = words("HY020 HY022 HY023 HY010 HY040N HY050N HY090N HY110N vhRentaa vhRentaAIa")
#: Severe poverty: under this share of the median equivalised income.
SEVERE = 0.4
DIVIDED = frozenset(("divided households",))


def spain(folder: Path) -> dict[str, RealSet]:
    """Register incomes: the official poverty flag, and severe poverty without minimum-income benefit."""
    where = folder / "spain_ecv2024"
    house, about, persons = (read(where / f"ECV_{kind}_2024_data.csv.gz") for kind in ("Th", "Td", "Tr"))
    table, fields = spanish_households(house, about, members(_with_household(persons, "RB030", 100)))
    poverty = Problem(
        "spain_poverty",
        table,
        table["vhPobreza"].to_numpy(dtype=float),
        fields,
        outcome=("vhPobreza", *INCOMES),
        group="household",
    )
    regions = replace(
        poverty,
        name="spain_poverty_regions_out",
        group="DB040",
        fields=tuple(one for one in fields if one != "DB040"),
    )
    with_incomes = replace(poverty, fields=(*fields, *INCOMES), outcome=("vhPobreza",))
    by_person = spanish_persons(table, _with_household(persons, "RB030", 100))
    unnumbered = replace(by_person, table=by_person.table.drop(columns=["household", "RB030"]))
    keys = frozenset((*by_person.fields, "household", "RB030"))
    planted = {
        "income columns": Planted(with_incomes, frozenset(INCOMES)),
        "persons of a household, split at random": Planted(by_person, keys, DIVIDED),
        "the same without any number of the household": Planted(unnumbered, keys, DIVIDED),
    }
    return {
        "spain_poverty": RealSet(poverty, Reference(0.831, average_precision=0.558), planted),
        "spain_poverty_regions_out": RealSet(regions, Reference(0.821)),
        "spain_discovery": RealSet(without_benefit(poverty), Reference(0.823, None, None, 0.301, 0.375)),
    }


def _with_household(table: pd.DataFrame, number: str, apart: int) -> pd.DataFrame:
    """A person's number is the household's, times a hundred, and a place in it."""
    household = (table[number].astype("int64") // apart).rename("household")
    return pd.concat([household, table], axis=1)


def spanish_households(
    house: pd.DataFrame, about: pd.DataFrame, made: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """(one row a household, the fields that may be read)."""
    wanted = ["household", *HOUSING, *INCOMES, "HX040", "HX240", "HY060N", "vhPobreza"]
    table = _with_household(house, "HB030", 1)[wanted]
    place = _with_household(about, "DB030", 1)[["household", *PLACE, "DB090"]]
    whole = table.merge(place, on="household").merge(made, on="household", how="left")
    return whole, (*HOUSING, *PLACE, *(one for one in made if one != "household"))


def members(persons: pd.DataFrame) -> pd.DataFrame:
    """One row a household: persons by age, sex, activity, place of birth and citizenship."""
    age, by = persons["RB082"], persons["household"]
    counts = {
        "persons": persons["RB030"].notna(),
        "under_6": age < 6,
        "under_18": age < 18,
        "from_65": age >= 65,
        "women": persons["RB090"] == 2,
    }
    counts |= {f"activity_{k}": persons["RB211"] == k for k in range(1, 9)}
    counts |= {f"born_{k}": persons["RB280"] == k for k in range(1, 4)}
    counts |= {f"citizen_{k}": persons["RB290"] == k for k in range(1, 4)}
    ages = age.groupby(by).agg(age_oldest="max", age_youngest="min", age_mean="mean")
    found = pd.DataFrame({name: mark.groupby(by).sum() for name, mark in counts.items()})
    return found.join(ages).reset_index()


def without_benefit(poverty: Problem) -> Problem:
    """Severe poverty among the households that receive no minimum income."""
    table = poverty.table
    equal = table["vhRentaa"] / table["HX240"]
    severe = equal < SEVERE * weighted_median(equal, table["DB090"] * table["HX040"])
    without = table["HY060N"] == 0
    return replace(
        poverty,
        name="spain_discovery",
        table=table[without].reset_index(drop=True),
        label=severe[without].to_numpy(dtype=float),
    )


def spanish_persons(table: pd.DataFrame, persons: pd.DataFrame) -> Problem:
    """One row a person, with the household's poverty as the outcome, and nothing said of households."""
    here = table[["household", *HOUSING, *PLACE, "vhPobreza"]]
    whole = here.merge(persons[["household", "RB030", *PERSON]], on="household")
    label = whole["vhPobreza"].to_numpy(dtype=float)
    return Problem("spain_persons", whole, label, (*HOUSING, *PLACE, *PERSON), outcome=("vhPobreza",))


def weighted_median(amount: pd.Series, weight: pd.Series) -> float:
    """The amount that half of the weight lies below."""
    order = amount.sort_values(kind="stable").index
    reached = weight.loc[order].cumsum()
    return float(amount.loc[order].iloc[int(np.searchsorted(reached, reached.iloc[-1] / 2))])


INCOME = words("e00200 e00900 e02100 e00600 e01500 e00800 e02400 e02300 e00300 e00400 e01100")
#: Poverty guideline of the 48 states: one person, and each further one (Federal Register, each January).
GUIDELINE = {2012: (11_170, 3_960), 2013: (11_490, 4_020), 2014: (11_670, 4_060)}
TIMES_LINE = 1.3
SUMS = words("XTOT EIC DSI n1820 n21 nu18 nu06 nu13 n24 elderly_dependents blind_head blind_spouse")
UNIT = words("MARS age_head age_spouse fips snap_ben housing_ben wic_ben")


def cps(folder: Path) -> dict[str, RealSet]:
    """Households under 130 % of the poverty line, from who lives in them; 2014 is judged."""
    units = read(folder / "us_cps_taxcalc/cps.csv.gz")
    table, fields = american_households(units)
    one, further = (table["FLPDYR"].map({y: pair[k] for y, pair in GUIDELINE.items()}) for k in (0, 1))
    line = one + further * (table["XTOT"] - 1)
    problem = Problem(
        "us_cps_2014",
        table,
        (table["income"] < TIMES_LINE * line).to_numpy(dtype=float),
        fields,
        outcome=("income",),
        time="FLPDYR",
        judged_from=2014,
        nominal=frozenset(("fips",)),
    )
    apart = units.merge(table[["FLPDYR", "h_seq"]].assign(poor=problem.label), on=["FLPDYR", "h_seq"])
    label = apart["poor"].to_numpy(dtype=float)
    divided = Problem("us_cps_units", apart, label, (*SUMS, *UNIT), outcome=("poor", *INCOME))
    keys = frozenset(("h_seq", "FLPDYR", *SUMS, *UNIT))
    planted = {"tax units of a household, split at random": Planted(divided, keys, DIVIDED)}
    return {"us_cps_2014": RealSet(problem, Reference(0.766, average_precision=0.513), planted)}


def american_households(units: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """(one row a household and year, with its income; the fields that may be read)."""
    filing = {f"filing_{k}": (units["MARS"] == k).astype(int) for k in range(1, 5)}
    marked = units.assign(income=units[INCOME].sum(axis=1), units=1, **filing)
    by = marked.groupby(["FLPDYR", "h_seq"])
    heads = by.agg(
        head_oldest=("age_head", "max"),
        head_youngest=("age_head", "min"),
        head_mean=("age_head", "mean"),
        spouse_oldest=("age_spouse", "max"),
        fips=("fips", "first"),
    )
    sums = [*SUMS, "units", *filing]
    return by[[*sums, "income"]].sum().join(heads).reset_index(), (*sums, *heads.columns)
