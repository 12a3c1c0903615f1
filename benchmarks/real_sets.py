"""Four public sets with real outcomes: what is asked of each, what may be read, and what others reached.

Each holds a question about poor households or benefits, and a way for the answer to leak that the guards must
find without being told. The files are not part of the product: `WHERE` says where to get each.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.real_problem import Planted, Problem, RealSet, Reference, read, words
from benchmarks.real_surveys import cps, spain

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
                "every column but STATUS": Planted(replace(problem, fields=every), reviewer),
                "the reviewer's amounts, without the findings": Planted(
                    replace(problem, fields=unnamed), reviewer, frozenset(("twin columns", "joint"))
                ),
            },
        ),
        "snap_case_file": RealSet(strict, Reference(0.651, 0.598, 0.706, 0.122)),
    }


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


MAKERS: dict[str, Callable[[Path], dict[str, RealSet]]] = {
    "snap_qc": snap,
    "spain_ecv2024": spain,
    "indonesia_burkina_targeting": indonesia,
    "us_cps_taxcalc": cps,
}
#: What is asked of each folder, by the name its figures have.
SETS = {
    "snap_qc": ("snap_over_issuance", "snap_case_file"),
    "spain_ecv2024": ("spain_poverty", "spain_poverty_regions_out", "spain_discovery"),
    "indonesia_burkina_targeting": ("indonesia_villages_out",),
    "us_cps_taxcalc": ("us_cps_2014",),
}
