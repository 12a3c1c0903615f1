"""The plan's three figures in words that can be checked; "accuracy" alone is never printed.

hidden-income identification: share of material hidden income found within capacity, share confirmed among
the visited, agreement of the flag with what random visits found. dynamic management: share of
household-months paid rightly, from the random arm. property check: agreement of the profile's property with
what random visits found.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from models import exit_due, hidden_income, metrics, outcomes
from models.metrics import Interval, interval
from training.review.case import Case
from training.review.listed import issued
from training.review.refit import fitted, learners, raw

Floats = npt.NDArray[np.float64]

#: Random visits with a conclusion without which nothing is told of everybody.
LEAST_RANDOM = 100
CHANGED = ("stop", "gradual_exit", "decrease")
#: A profile shows property where one of these is above nothing, or the deposits above the limit's months.
PROPERTY = (
    ("property_vehicles_count", 0.5),
    ("property_shops_count", 0.5),
    ("property_dwellings_count", 1.5),
    ("property_financial_months_standard", 24.0),
)


def user_figures(case: Case) -> dict[str, Any]:
    """What this question can say of the three figures; the others are left to the other questions."""
    found: dict[str, Any] = {"question": case.spec.question, "goals": {"zh": GOALS[0], "en": GOALS[1]}}
    if case.spec.question == hidden_income.QUESTION:
        found["identification"] = identification(case)
        found["property_check"] = property_check(case)
    if case.spec.question == exit_due.QUESTION:
        found["paid_rightly"] = paid_rightly(case.records)
    return found


GOALS = (
    "计划书：隐性收入识别 92.3%，动态管理准确率 78.5% → 90% 以上，财产核对 95%",
    "the plan: hidden-income identification 92.3 %, dynamic management 78.5 % → above 90 %, property check"
    " 95 %",
)


def identification(case: Case) -> dict[str, Any]:
    """Each order over the judged months, nobody visited twice: share found, share confirmed, agreement."""
    rows = case.judged.cohort.rows
    orders = {
        "model": case.raw,
        "rules": case.judged.cohort.facts["rule_score"].to_numpy(dtype=np.float64),
        "logistic": raw(fitted(case, case.learnt, learners(case)["logistic"]), rows, case.threads),
        "random": np.random.default_rng(case.seed).random(len(rows)),
    }
    made = {name: once(case, by_order(case, order)) for name, order in orders.items()}
    made["list"] = once(case, lambda fresh: issued(case, among=fresh)[fresh])
    made["people"] = case.people["visited"].to_numpy()
    return {"judged_by": case.judged.source, "lines": {name: _line(case, got) for name, got in made.items()}}


Pick = Callable[[npt.NDArray[np.int64]], Floats]


def by_order(case: Case, order: Floats) -> Pick:
    """Expected visits of the rows it is given, at each street's capacity."""
    return lambda fresh: metrics.visits(order[fresh], case.judged.place[fresh], case.judged.capacity)


def once(case: Case, pick: Pick) -> Floats:
    """Visits (n,) picked month by month among those who were not visited before."""
    facts, got = case.judged.cohort.facts, np.zeros(len(case.raw))
    household, visited = case.judged.cohort.household, set[object]()
    for as_of in sorted(facts["as_of"].unique()):
        here = np.flatnonzero((facts["as_of"] == as_of).to_numpy())
        fresh = here[[household[k] not in visited for k in here]]
        chosen = fresh[pick(fresh) >= 0.5]
        got[chosen] = 1.0
        visited |= set(household[chosen])
    return got


def _line(case: Case, got: Floats) -> dict[str, Any]:
    known, label, trust = case.known, case.label, case.judged.trust
    household = case.judged.cohort.household
    # One line a household: hidden income counts once, in whichever month it was met.
    table = pd.DataFrame(
        {"h": household[known], "p": (label * trust)[known], "f": (label * trust * got)[known]}
    )
    each = table.groupby("h").max()
    visits, hits = (trust * got)[known], (label * trust * got)[known]
    sums = case.boot.totals([hits, visits])
    shares = _drawn_shares(each["f"].to_numpy(), each["p"].to_numpy(), case.seed)
    positives = float(each["p"].sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "visits": int(got.sum()),
            "found_share": interval(
                float(each["f"].sum() / positives) if positives else float("nan"), shares, len(each)
            ).rounded(),
            "confirmed": interval(
                float(hits.sum() / visits.sum()) if visits.sum() else float("nan"),
                sums[:, 0] / sums[:, 1],
                int((visits > 0).sum()),
            ).rounded(),
            "agreement": agreement(case, got),
        }


def _drawn_shares(top: Floats, bottom: Floats, seed: int) -> Floats:
    ids = np.arange(len(top)).astype(object)
    drawn = metrics.HouseholdBootstrap(ids, seed=seed).totals([top, bottom])
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(drawn[:, 0] / drawn[:, 1])


def agreement(case: Case, flag: Floats) -> dict[str, Any]:
    """Share of everybody whose flag agrees with a random visit's conclusion; beside flagging nobody."""
    facts, label = case.recorded.cohort.facts, case.people["found"].to_numpy(dtype=float)
    keys = ["household_id", "as_of"]
    arm = case.people[keys].merge(
        facts[[*keys, "arm", "probability"]].drop_duplicates(keys), on=keys, how="left"
    )
    chance = arm["probability"].to_numpy(dtype=float)
    drawn = (arm["arm"] == "random").to_numpy() & (chance > 0) & ~np.isnan(label)
    if drawn.sum() < LEAST_RANDOM:
        return {"enough": False, "n": int(drawn.sum()), "needed": LEAST_RANDOM}
    agrees = ((flag >= 0.5) == (label == 1)).astype(float)
    household = case.judged.cohort.household
    return {
        "enough": True,
        **metrics.hajek(agrees[drawn], chance[drawn], household[drawn]).rounded(),
        "flagging_nobody": metrics.hajek(1 - label[drawn], chance[drawn], household[drawn]).rounded(),
    }


def paid_rightly(records: pd.DataFrame) -> dict[str, Any]:
    """Share of household-months paid rightly, from every concluded random visit.

    `strict`: neither exit due nor underpaid. `any_change`: nor any concealment that cut or ended the benefit.
    """
    drawn = records[(records["arm"] == "random") & (records["probability"] > 0)]
    concluded = drawn[~drawn["finding"].isin(outcomes.NO_LABEL)]
    if len(concluded) < LEAST_RANDOM:
        return {"enough": False, "n": len(concluded), "needed": LEAST_RANDOM}
    due = outcomes.exit_due(
        concluded["finding"].tolist(),
        concluded["action"].tolist(),
        concluded["months_affected"].astype(float),
        np.ones(len(concluded)),
    )
    under = (concluded["action"] == "increase").to_numpy(dtype=float)
    changed = concluded["action"].isin(CHANGED).to_numpy(dtype=float)

    def share(wrong: Floats) -> Interval:
        chance = concluded["probability"].to_numpy(dtype=float)
        return metrics.hajek(1 - wrong, chance, concluded["number"].to_numpy(dtype=object))

    return {
        "enough": True,
        "strict": share(np.maximum(due == 1, under)).rounded(),
        "any_change": share(np.maximum(changed, under)).rounded(),
        "without_conclusion": len(drawn) - len(concluded),
    }


def property_check(case: Case) -> dict[str, Any]:
    """Agreement of "the profile shows property" with "the visit found undeclared property", random arm.

    A visit records no amount of property, only that some was undeclared: declared property is neither counted
    against the profile nor for it, so this is less than a check of property itself.
    """
    names = [name for name, _ in PROPERTY if name in case.bundle.names]
    seen = case.recorded
    random = ((seen.cohort.facts["arm"] == "random") & (seen.cohort.facts["probability"] > 0)).to_numpy()
    concluded = random & ~np.isnan(seen.cohort.label)
    if concluded.sum() < LEAST_RANDOM or len(names) < len(PROPERTY):
        return {"enough": False, "n": int(concluded.sum()), "needed": LEAST_RANDOM}
    rows = seen.cohort.rows[concluded]
    shows = np.zeros(len(rows), dtype=bool)
    for name, above in PROPERTY:
        shows |= np.nan_to_num(rows[:, case.bundle.names.index(name)]) > above
    facts = seen.cohort.facts[concluded]
    found = _property_found(case, facts)
    agrees = (shows == found).astype(float)
    chance = facts["probability"].to_numpy(dtype=float)
    return {
        "enough": True,
        **metrics.hajek(agrees, chance, facts["household_id"].to_numpy(dtype=object)).rounded(),
        "shown": int(shows.sum()),
        "found": int(found.sum()),
    }


def _property_found(case: Case, facts: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """(n,) whether the visit recorded for these rows found undeclared property."""
    events = facts["event"].to_numpy(dtype=int)
    return np.asarray(case.records["finding"].to_numpy()[events] == "property_undeclared")
