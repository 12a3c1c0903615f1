"""Four public sets with real outcomes: what is asked of each, what may be read, and what others reached.

Each holds a question about poor households or benefits, and a way for the answer to leak that the guards must
find without being told. The files are not part of the product: `WHERE` says where to get each.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.real_table import Problem
from features.errors import UserError

WHERE = {
    "snap_qc": "the SNAP Quality Control public-use file of fiscal year 2003 (New England), from "
    "snapqcdata.net, as snap_qc/snap_qc_fy2003_new_england.csv.gz",
    "spain_ecv2024": "the Encuesta de Condiciones de Vida 2024 (files Td, Th, Tr as CSV), from "
    "ine.es, as spain_ecv2024/ECV_T?_2024_data.csv.gz",
    "indonesia_burkina_targeting": "the replication data of Alatas et al. 2012, from Dataverse "
    "doi:10.7910/DVN/M7SKQZ, as indonesia_burkina_targeting/alatas.csv",
    "us_cps_taxcalc": "cps.csv.gz of the taxcalc 6.8.0 source distribution, from pypi.org, as "
    "us_cps_taxcalc/cps.csv.gz",
}


@dataclass(frozen=True)
class Reference:
    """A figure somebody else reached on the same rows; low and high: its 95 % interval where one is told."""

    auc: float
    low: float | None = None
    high: float | None = None
    average_precision: float | None = None
    precision_at_5_percent: float | None = None
    linear_auc: float | None = None


@dataclass(frozen=True)
class Planted:
    """The same set with what must not pass: a leak is caught when a guard names one of `expected`."""

    problem: Problem
    expected: frozenset[str]
    kinds: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class RealSet:
    """A problem, the reference beside it, and variants in which the answer leaks."""

    problem: Problem
    reference: Reference | None
    planted: dict[str, Planted] = field(default_factory=dict)


def words(listed: str) -> list[str]:
    """Names written one after another."""
    return listed.split()


CASE_FILE = words(
    "RAWBEN RAWHSIZE CERTHHSZ ACTNTYPE CERTMTH LASTCERT RCNTACTN EXPEDSER AUTHREP CAT_ELIG STATE urbrur "
    "COUNTYCD LIQRESOR REALPROP FSVEHAST OTHNLRES CTPRHH TANF_IND SUA1 SUA2"
)
UNIT = words("FSNKID FSNELDER FSDIS FSNK5T17 FSNK0T4 FSNGMOM FSUSIZE FSNONCIT")
PERSONS = [
    f"{kind}{number}"
    for kind in words("AGE SEX RACETH REL CTZN YRSED WRKREG ABWDST FSAFIL")
    for number in range(1, 7)
]
#: What describes an error that was found: any of it is the outcome in other words.
FINDING = words("STATUS AMTERR AMTADJ ALLADJ") + [
    f"{kind}{number}"
    for kind in words("ELEMENT NATURE AGENCY AMOUNT DISCOV VERIF OCCDATE TIMEPER E_FINDG")
    for number in range(1, 10)
]


def snap(folder: Path) -> dict[str, RealSet]:
    """Over-issuance among benefit households drawn at random for audit; June to September are judged."""
    table = read(folder / "snap_qc/snap_qc_fy2003_new_england.csv.gz")
    problem = Problem(
        "snap_over_issuance",
        table,
        (table["STATUS"] == 2).to_numpy(dtype=float),
        tuple(CASE_FILE + UNIT + PERSONS),
        outcome=("STATUS",),
        time="YRMONTH",
        judged_from=200306,
        nominal=frozenset(("STATE", "COUNTYCD")),
    )
    strict = replace(problem, name="snap_case_file", fields=tuple(CASE_FILE))
    every = tuple(one for one in table if one not in ("STATUS", "YRMONTH"))
    reviewer = frozenset(every) - frozenset(problem.fields)
    unnamed = tuple(one for one in every if one not in FINDING)
    return {
        "snap_over_issuance": RealSet(
            problem,
            Reference(0.697, 0.646, 0.750, 0.179, 0.273),
            {
                "all 679 columns": Planted(replace(problem, fields=every), reviewer),
                "the reviewer's amounts, without the findings": Planted(
                    replace(problem, fields=unnamed), reviewer, frozenset(("twin columns", "joint"))
                ),
            },
        ),
        "snap_case_file": RealSet(strict, Reference(0.651, 0.598, 0.706, 0.122)),
    }


HOUSING = words("HH010 HH021 HH030 HH060 HH070 HS090 HS110 cuotahip")
INCOMES = [f"HY{number}" for number in ("020", "022", "023", "010", "040N", "050N", "090N", "110N")] + [
    "vhRentaa",
    "vhRentaAIa",
]
#: Severe poverty: under this share of the median equivalised income.
SEVERE = 0.4


def spain(folder: Path) -> dict[str, RealSet]:
    """Register incomes: the official poverty flag, and severe poverty without minimum-income benefit."""
    where = folder / "spain_ecv2024"
    house, about, persons = (read(where / f"ECV_{kind}_2024_data.csv.gz") for kind in ("Th", "Td", "Tr"))
    house = house.merge(about[["DB030", "DB040", "DB090", "DB100"]], left_on="HB030", right_on="DB030")
    made = members(persons.assign(household=persons["RB030"].astype("int64") // 100))
    wanted = [*HOUSING, *INCOMES, "DB040", "DB090", "DB100", "HX040", "HX240", "HY060N", "vhPobreza"]
    table = house[wanted].assign(household=house["HB030"].astype("int64"))
    table = table.merge(made, on="household", how="left")
    fields = (*HOUSING, "DB040", "DB100", *(one for one in made if one != "household"))
    poverty = Problem(
        "spain_poverty",
        table,
        table["vhPobreza"].to_numpy(dtype=float),
        fields,
        outcome=("vhPobreza", *INCOMES),
        group="household",
    )
    regions = replace(poverty, name="spain_poverty_regions_out", group="DB040")
    regions = replace(regions, fields=tuple(one for one in fields if one != "DB040"))
    equal = table["vhRentaa"] / table["HX240"]
    severe = equal < SEVERE * weighted_median(equal, table["DB090"] * table["HX040"])
    without = table["HY060N"] == 0
    discovery = replace(
        poverty,
        name="spain_discovery",
        table=table[without].reset_index(drop=True),
        label=severe[without].to_numpy(dtype=float),
    )
    one_by_one = table[["household", *HOUSING, "DB040", "DB100", "vhPobreza"]].merge(
        persons.assign(household=persons["RB030"].astype("int64") // 100)[
            ["household", "RB030", "RB082", "RB090", "RB211", "RB280"]
        ],
        on="household",
    )
    by_person = Problem(
        "spain_persons",
        one_by_one,
        one_by_one["vhPobreza"].to_numpy(dtype=float),
        (*HOUSING, "DB040", "DB100", "RB082", "RB090", "RB211", "RB280"),
        outcome=("vhPobreza",),
    )
    hidden = replace(by_person, table=one_by_one.drop(columns=["household", "RB030"]))
    divided = frozenset(("divided households",))
    keys = frozenset((*by_person.fields, "household", "RB030"))
    return {
        "spain_poverty": RealSet(
            poverty,
            Reference(0.831, average_precision=0.558),
            {
                "income columns": Planted(
                    replace(poverty, fields=(*fields, *INCOMES), outcome=("vhPobreza",)), frozenset(INCOMES)
                ),
                "persons of a household, split at random": Planted(by_person, keys, divided),
                "the same without any number of the household": Planted(hidden, keys, divided),
            },
        ),
        "spain_poverty_regions_out": RealSet(regions, Reference(0.821)),
        "spain_discovery": RealSet(discovery, Reference(0.823, None, None, 0.301, 0.375)),
    }


def members(persons: pd.DataFrame) -> pd.DataFrame:
    """One row a household: persons by age, sex, activity and place of birth."""
    age, by = persons["RB082"], persons["household"]
    counts = {
        "persons": age.notna() | True,
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


def weighted_median(amount: pd.Series, weight: pd.Series) -> float:
    """The amount that half of the weight lies below."""
    order = amount.sort_values(kind="stable").index
    reached = weight.loc[order].cumsum()
    return float(amount.loc[order].iloc[int(np.searchsorted(reached, reached.iloc[-1] / 2))])


#: Consumption and the experiment itself: the outcome, and what was decided or ranked by it.
CONSUMPTION = words("consumption consumption_ae food nonfood nonstaple diversity")
EXPERIMENT = words(
    "hhid province district subdistrict village ea pmt community hybrid elite poorest10 daymeeting"
)
POOREST = 0.30


def indonesia(folder: Path) -> dict[str, RealSet]:
    """Proxy means against measured consumption: the poorest 30 %, whole villages left out."""
    table = read(folder / "indonesia_burkina_targeting/alatas.csv")
    poor = table["consumption"] <= table["consumption"].quantile(POOREST)
    told = {*CONSUMPTION, *EXPERIMENT, "treated", "rank"}
    problem = Problem(
        "indonesia_villages_out",
        table,
        poor.to_numpy(dtype=float),
        tuple(one for one in table if one not in told),
        outcome=("consumption",),
        group="village",
    )
    leaking = replace(problem, fields=(*problem.fields, "consumption_ae", "food", "nonfood"))
    return {
        "indonesia_villages_out": RealSet(
            problem,
            Reference(0.815, average_precision=0.623, linear_auc=0.826),
            {"measured consumption": Planted(leaking, frozenset(("consumption_ae", "food", "nonfood")))},
        )
    }


INCOME = words("e00200 e00900 e02100 e00600 e01500 e00800 e02400 e02300 e00300 e00400 e01100")
#: Poverty guideline of the 48 states: one person, and each further one (Federal Register, each January).
GUIDELINE = {2012: (11_170, 3_960), 2013: (11_490, 4_020), 2014: (11_670, 4_060)}
TIMES_LINE = 1.3
SUMS = words("XTOT EIC DSI n1820 n21 nu18 nu06 nu13 n24 elderly_dependents blind_head blind_spouse")


def cps(folder: Path) -> dict[str, RealSet]:
    """Households under 130 % of the poverty line, from who lives in them; 2014 is judged."""
    units = read(folder / "us_cps_taxcalc/cps.csv.gz")
    units = units.assign(income=units[INCOME].sum(axis=1), units=1)
    units = units.assign(**{f"filing_{k}": (units["MARS"] == k).astype(int) for k in range(1, 5)})
    marks = [*SUMS, "units", *(f"filing_{k}" for k in range(1, 5))]
    by = units.groupby(["FLPDYR", "h_seq"])
    heads = by.agg(
        head_oldest=("age_head", "max"),
        head_youngest=("age_head", "min"),
        head_mean=("age_head", "mean"),
        spouse_oldest=("age_spouse", "max"),
        fips=("fips", "first"),
    )
    table = by[[*marks, "income"]].sum().join(heads).reset_index()
    one, further = (table["FLPDYR"].map({y: pair[k] for y, pair in GUIDELINE.items()}) for k in (0, 1))
    line = one + further * (table["XTOT"] - 1)
    problem = Problem(
        "us_cps_2014",
        table,
        (table["income"] < TIMES_LINE * line).to_numpy(dtype=float),
        (*marks, *heads.columns),
        outcome=("income",),
        time="FLPDYR",
        judged_from=2014,
        nominal=frozenset(("fips",)),
    )
    apart = units.merge(table[["FLPDYR", "h_seq"]].assign(poor=problem.label), on=["FLPDYR", "h_seq"])
    fields = (*SUMS, "MARS", "age_head", "age_spouse", "fips", "snap_ben", "housing_ben", "wic_ben")
    divided = Problem(
        "us_cps_units",
        apart,
        apart["poor"].to_numpy(dtype=float),
        fields,
        outcome=("poor", "income", *INCOME),
    )
    keys = frozenset(("h_seq", "FLPDYR", *fields))
    return {
        "us_cps_2014": RealSet(
            problem,
            Reference(0.766, average_precision=0.513),
            {
                "tax units of a household, split at random": Planted(
                    divided, keys, frozenset(("divided households",))
                )
            },
        )
    }


MAKERS: dict[str, Callable[[Path], dict[str, RealSet]]] = {
    "snap_qc": snap,
    "spain_ecv2024": spain,
    "indonesia_burkina_targeting": indonesia,
    "us_cps_taxcalc": cps,
}

#: Cells that say nothing; `None` and the like may be a word of a table, so they stay.
NOTHING = ["", "NA", "N/A", "NaN", "nan", "NULL", "null", "."]


def read(path: Path) -> pd.DataFrame:
    """A CSV (also compressed) or Parquet file; `UserError` names the file that is not there or is neither."""
    if not path.is_file():
        raise UserError(f"没有文件 {path} / there is no file {path}.")
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    if ".csv" not in path.suffixes:
        raise UserError(f"{path.name} 不是 CSV 或 Parquet / is neither .csv, .csv.gz nor .parquet.")
    return pd.read_csv(path, low_memory=False, keep_default_na=False, na_values=NOTHING)
