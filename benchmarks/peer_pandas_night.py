"""The same night in plain pandas and shap: what a good analyst would write for such profiles and bundles.

    python -m benchmarks.peer_pandas_night PROFILES BUNDLES AS_OF OUT

Reads every file whole, scores with LightGBM, explains with shap.TreeExplainer, sums contributions by topic,
tells reasons in sentences, draws the four lists and writes OUT/answers.parquet and OUT/lists.csv; the last
line is the seconds of its parts as JSON. Columns are computed in arrays, sentences in loops. It imports
nothing of the product. It keeps no evidence beside the reasons, no chance of standing on a list, no record
of who was asked; it resumes nothing. `benchmarks/night.py` holds its answers against the product's.
"""

import hashlib
import json
import math
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import shap

KEY, SEED = "practice", 7
VISIT, SMALLEST, MOST, KEPT = 0.9, 0.02, 3, 0.02
AGREEING, ROUNDING = 0.8, 1e-9
SHARES = {"hidden_income": 0.45, "exit_due": 0.35, "underpaid": 0.20}
UNITS = {"yuan": "元", "months": "个月", "years": "年", "days": "天", "m2": "平方米", "mu": "亩"}
UNITS |= {"ratio": "倍", "count": "", "kwh": "千瓦时"}
STATES = {
    "found": "有记录",
    "nothing_found": "查询无记录",
    "not_returned": "部门未反馈",
    "not_authorised": "未授权",
    "not_matched": "身份未匹配",
}


class Model:
    """A bundle's document with its boosters."""

    def __init__(self, folder: Path) -> None:
        self.told = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
        self.features = self.told["features"]
        self.names = self.told["feature_order"]
        self.boosters = [
            [lightgbm.Booster(model_file=folder / one["file"]) for one in part.get("boosters", ())]
            for part in self.told["components"]
        ]

    def known(self, rows: np.ndarray) -> np.ndarray:
        """With what stands for unknown."""
        fill = np.array([np.nan if f["unknown"] is None else f["unknown"] for f in self.features])
        return np.where(np.isnan(rows), fill, rows)

    def score(self, rows: np.ndarray) -> np.ndarray:
        """Log-odds."""
        known, raw = self.known(rows), np.full(len(rows), self.told["intercept"])
        for part, boosters in zip(self.told["components"], self.boosters, strict=True):
            if boosters:
                raw += part["weight"] * np.mean([b.predict(known, raw_score=True) for b in boosters], axis=0)
            else:
                raw += part["weight"] * linear(part["linear"], known).sum(axis=1)
        return raw

    def explain(self, rows: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        """Contributions (n, features) in log-odds, and those of each model of the bag."""
        known, parts = self.known(rows), np.zeros(rows.shape)
        members = [np.zeros(rows.shape) for _ in range(max(map(len, self.boosters)))]
        for part, boosters in zip(self.told["components"], self.boosters, strict=True):
            if boosters:
                values = [shap_values(booster, known) for booster in boosters]
            else:
                values = [linear(part["linear"], known)]
            parts += part["weight"] * np.mean(values, axis=0)
            for number, member in enumerate(members):
                member += part["weight"] * values[number % len(values)]
        return parts, members if len(members) > 1 else []


def shap_values(booster: lightgbm.Booster, rows: np.ndarray) -> np.ndarray:
    """Path-dependent SHAP; some versions give one array a class."""
    values = shap.TreeExplainer(booster).shap_values(rows)
    return np.asarray(values[-1] if isinstance(values, list) else values)


def linear(part: dict[str, Any], rows: np.ndarray) -> np.ndarray:
    """Terms of the linear part."""
    logged = np.sign(rows) * np.log1p(np.abs(rows))
    held = np.clip(np.where(part["logged"], logged, rows), part["low"], part["high"])
    standard = (held - np.array(part["mean"])) / np.array(part["scale"])
    unknown = np.isnan(standard)
    return np.where(unknown, part["when_unknown"], np.where(unknown, 0.0, standard) * part["coefficient"])


def silent(model: Model, homes: pd.DataFrame) -> np.ndarray:
    """About whom nothing may be said."""
    answered = homes[model.names].notna().to_numpy(copy=True)
    refused = np.zeros(len(homes), dtype=bool)
    for column, feature in enumerate(model.features):
        state = homes[f"{feature['source']}_state"]
        answered[:, column] |= state.isin(["found", "nothing_found"]).to_numpy()
        refused |= (state == "not_authorised").to_numpy()
    needed = [model.told["punitive"] and not feature["raises"] for feature in model.features]
    quiet = (answered.mean(axis=1) < 0.5) | ~answered[:, needed].all(axis=1)
    return quiet | refused if model.told["question"] == "hidden_income" else quiet


def topics_of(model: Model) -> dict[str, list[int]]:
    """Topics that are told, with their columns."""
    topics: dict[str, list[int]] = {}
    for column, feature in enumerate(model.features):
        if not (model.told["punitive"] and feature["need"]):
            topics.setdefault(feature["topic"], []).append(column)
    return topics


def sums_by_topic(model: Model, rows: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """What each topic adds (n, topics), in order of name, of known values only."""
    topics, known = topics_of(model), np.where(np.isnan(rows), 0.0, parts)
    return np.column_stack([known[:, topics[name]].sum(axis=1) for name in sorted(topics)])


def reasons(
    model: Model, homes: pd.DataFrame, rows: np.ndarray, parts: np.ndarray, members: list[np.ndarray]
) -> list[tuple[str, str]]:
    """Up to three reasons and one that speaks for the family, as JSON, for each household."""
    punitive, topics = model.told["punitive"], topics_of(model)
    names = sorted(topics)
    seen = ~np.isnan(rows)
    sums = sums_by_topic(model, rows, parts)
    raised = [sums_by_topic(model, rows, one) > ROUNDING for one in members]
    agreed = np.mean(raised, axis=0) >= AGREEING if raised else np.ones(sums.shape, dtype=bool)
    ordered = np.argsort(-sums, axis=1, kind="stable")
    evidence = {
        source: list(
            homes[[f"{source}_{part}" for part in ("state", "event_on", "known_on", "confidence")]]
            .astype(object)
            .itertuples(index=False, name=None)
        )
        for source in {source for feature in model.features for source in feature["sources"]}
    }
    told = []
    for row in range(len(rows)):
        raising, lowering = [], []
        for topic in ordered[row]:
            ground = [c for c in topics[names[topic]] if seen[row, c] and (rows[row, c] or not punitive)]
            told_by_most = sums[row, topic] > SMALLEST and agreed[row, topic]
            if told_by_most and ground and len(raising) < MOST:
                column = max(ground, key=lambda c: parts[row, c])
                raising.append(tell(model, column, rows[row, column], sums[row, topic], evidence, row))
        for topic in ordered[row][::-1][:1]:
            here = [c for c in topics[names[topic]] if seen[row, c]]
            if sums[row, topic] < -SMALLEST and here:
                column = min(here, key=lambda c: parts[row, c])
                lowering.append(tell(model, column, rows[row, column], sums[row, topic], evidence, row))
        told.append((json.dumps(raising, ensure_ascii=False), json.dumps(lowering, ensure_ascii=False)))
    return told


def tell(
    model: Model, column: int, value: float, total: float, evidence: dict[str, list[Any]], row: int
) -> dict[str, Any]:
    """One reason with its sentence."""
    feature = model.features[column]
    state, event_on, known_on, confidence = evidence[feature["source"]][row]
    others = [evidence[source][row] for source in feature["sources"]]
    matches = [one[3] for one in others if one[0] == "found" and pd.notna(one[3])]
    confidence = min(matches) if matches else confidence
    unsure = pd.notna(confidence) and confidence < VISIT
    accepted = ("found",) if model.told["punitive"] else ("found", "nothing_found")
    when = [STATES[state]]
    if state == "found" and pd.notna(event_on):
        when = [str(event_on)[: 7 if feature["monthly"] else 10]]
    if pd.notna(known_on):
        when.append(f"收到于{str(known_on)[:10]}")
    if unsure:
        when.append(f"身份匹配把握 {confidence:.0%}")
    words = f"{feature['zh']} {worded(feature['unit'], value)}"
    zh = f"{feature['department_zh']}（{'，'.join(when)}）：{words}".strip()
    kind = "speaks_for" if total < 0 else "check_record" if state not in accepted or unsure else "reason"
    zh = f"请先核对记录：{zh}" if kind == "check_record" else zh
    return {
        "kind": kind,
        "topic": feature["topic"],
        "zh": zh,
        "feature": feature["name"],
        "contribution": total,
    }


def worded(unit: str, value: float) -> str:
    """A value with its unit."""
    if unit == "flag":
        return "是" if value else "否"
    if unit == "share":
        return f"{value * 100:.0f} %"
    whole = (unit in ("yuan", "months", "count", "days") and abs(value) >= 1) or float(value).is_integer()
    return (
        f"{value:,.0f} {UNITS.get(unit, unit)}".strip()
        if whole
        else f"{value:,.1f} {UNITS.get(unit, unit)}".strip()
    )


def keyed(text: str) -> float:
    """A number in [0, 1) that follows from a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big") / 2**56


def drawn(line: pd.DataFrame, count: int, key: str) -> set[Any]:
    """By lot over the strata alike, from a keyed start."""
    chance, start = Fraction(count, len(line)), Fraction(keyed(f"{key}|start"))
    lots = line["household_id"].map(lambda number: keyed(f"{key}|{number}"))
    passed, end, chosen = math.ceil(-start), 0, set()
    for _, members in line.groupby("stratum", sort=True):
        end += len(members)
        upto = math.ceil(chance * end - start)
        chosen |= set(lots[members.index].sort_values(kind="stable").index[: upto - passed])
        passed = upto
    return chosen


def listed(kind: str, homes: pd.DataFrame, capacity: dict[str, int], key: str) -> pd.DataFrame:
    """The list of every street; `homes`: household_id, street_code, score, finding, vulnerable, stratum."""
    lists = [homes.head(0).assign(kind="", arm="", visit_order=0)]
    for street, here in homes.groupby("street_code", sort=True):
        tie = here["household_id"].map(lambda number: keyed(f"{key}|{kind}|tie|{number}"))
        line = here.assign(tie=tie).sort_values(["score", "tie"], ascending=[False, True], kind="stable")
        if kind == "underpaid":
            line = line[line["finding"]]
        elif kind in ("hidden_income", "exit_due"):
            line = line[line["finding"] | ~line["vulnerable"]]
        places = min(capacity.get(str(street), 0), len(line))
        if not places:
            continue
        by_lot = min(places, max(1, round(0.1 * places)))
        first = line[line["finding"]].head(round(0.3 * (places - by_lot)))
        line = pd.concat([first, line.drop(first.index)])
        random = drawn(line, by_lot, f"{key}|{kind}|random|{street}")
        chosen = pd.concat([line.loc[sorted(random)], line.drop(list(random)).head(places - by_lot)])
        visits = chosen["household_id"].map(lambda number: keyed(f"{key}|{kind}|visits|{number}"))
        arm = np.where(chosen["finding"] | (kind == "underpaid"), "rule", "score")
        arm = np.where(chosen.index.isin(list(random)), "random", arm)
        lists.append(chosen.assign(kind=kind, arm=arm, visit_order=visits.rank().astype(int)))
    return pd.concat(lists)[["kind", "street_code", "household_id", "arm", "visit_order"]]


def capacities(kind: str, homes: pd.DataFrame, register: bool) -> dict[str, int]:
    """Visits or contacts a month and street, no more than there is somebody known for."""
    places = {}
    for street, here in homes.groupby("street_code"):
        if register:
            count = max(3, round(0.002 * len(here))) if len(here) >= 100 else 0
        else:
            count = max(1, round(SHARES[kind] * max(3, round(0.65 / 12 * len(here)))))
        if kind != "underpaid":
            count = min(count, max(1, int((np.isfinite(here["score"]) | here["finding"]).sum())))
        places[str(street)] = count
    return places


def candidates(
    homes: pd.DataFrame, findings: pd.DataFrame, kind: str, score: np.ndarray, universe: str
) -> pd.DataFrame:
    """What a list is drawn from."""
    true = findings[(findings["question"] == kind) & (findings["verdict"] == "true")]
    true = true[true["confidence"] >= VISIT]
    return pd.DataFrame(
        {
            "household_id": homes["household_id"].to_numpy(),
            "street_code": homes["street_code"].to_numpy(),
            "score": np.where(np.isnan(score), -np.inf, score),
            "finding": homes["household_id"].isin(true["household_id"]).to_numpy(),
            "vulnerable": homes["vulnerable"].fillna(False).astype(bool).to_numpy(),
            "stratum": homes["review_class" if universe == "on_file" else "urban_rural"]
            .fillna("")
            .to_numpy(),
        }
    )


def question(
    model: Model, homes: pd.DataFrame, findings: pd.DataFrame, key: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Answers and list of one model."""
    kind, universe = model.told["question"], model.told["universe"]
    if universe == "register":
        homes = homes[~homes["in_programme"].fillna(False).astype(bool)]
    elif model.told["categories"]:
        homes = homes[homes["category"].isin(model.told["categories"])]
    homes = homes.reset_index(drop=True)
    rows, quiet = homes[model.names].to_numpy(dtype=float), silent(model, homes)
    raw = np.full(len(homes), np.nan)
    raw[~quiet] = model.score(rows[~quiet])
    drawn_from = candidates(homes, findings, kind, raw, universe)
    on_list = listed(kind, drawn_from, capacities(kind, drawn_from, universe == "register"), key)
    explained = np.full((len(homes), len(topics_of(model))), np.nan)
    parts, members = model.explain(rows[~quiet])
    explained[~quiet] = sums_by_topic(model, rows[~quiet], parts)
    kept = ~quiet
    if universe == "register":
        floor = np.quantile(raw[~quiet], 1 - KEPT) if kept.any() else np.inf
        kept &= homes["household_id"].isin(on_list["household_id"]).to_numpy() | (raw >= floor)
    told = reasons(
        model,
        homes[kept].reset_index(drop=True),
        rows[kept],
        parts[kept[~quiet]],
        [one[kept[~quiet]] for one in members],
    )
    answers = homes[["household_id"]].assign(question=kind, raw=raw, reasons=None, speaks_for=None)
    answers["topics"] = [
        None if row_quiet else list(row) for row, row_quiet in zip(explained, quiet, strict=True)
    ]
    answers["reasons"] = answers["reasons"].astype(object)
    answers["speaks_for"] = answers["speaks_for"].astype(object)
    answers.loc[kept, ["reasons", "speaks_for"]] = np.array(told, dtype=object).reshape(-1, 2)
    return answers, on_list


def underpaid(homes: pd.DataFrame, judgements: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rules' list, by amount and need."""
    owed = (
        homes["household_id"]
        .map(judgements.set_index("household_id")["underpaid_yuan"].astype(float))
        .fillna(0.0)
    )
    persons = homes["person_count"].fillna(1).replace(0, 1).to_numpy()
    need = np.where(homes["vulnerable"].fillna(False).astype(bool), 1.5, 1.0)
    none = pd.DataFrame(columns=["question", "verdict", "confidence", "household_id"])
    drawn_from = candidates(homes, none, "underpaid", owed.to_numpy() / persons * need, "on_file")
    drawn_from["finding"] = owed.to_numpy() > 0
    return listed("underpaid", drawn_from, capacities("underpaid", drawn_from, False), key)


def main(profiles: Path, bundles: Path, as_of: str, out: Path) -> None:
    """Everything of one month."""
    out.mkdir(parents=True, exist_ok=True)
    parts, mark = {}, time.perf_counter()
    key = hashlib.sha256(f"{KEY}|draw|{as_of}|{SEED}".encode()).hexdigest()
    read = {
        (part, universe): pd.read_parquet(profiles / part / universe / f"{as_of}.parquet")
        for part in ("profiles", "findings", "judgements")
        for universe in ("on_file", "register")
    }
    parts["read"] = time.perf_counter() - mark
    answers, lists = [], []
    for name in ("hidden_income", "exit_due", "unapplied_eligible"):
        mark, model = time.perf_counter(), Model(bundles / name)
        universe = model.told["universe"]
        found = question(model, read["profiles", universe], read["findings", universe], key)
        answers.append(found[0])
        lists.append(found[1])
        parts[name] = time.perf_counter() - mark
    lists.append(underpaid(read["profiles", "on_file"], read["judgements", "on_file"], key))
    pd.concat(answers).to_parquet(out / "answers.parquet")
    pd.concat(lists).to_csv(out / "lists.csv", index=False)
    print(json.dumps({name: round(seconds, 1) for name, seconds in parts.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
