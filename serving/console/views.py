"""What a page shows, made from what is stored: plain values for the templates, no database and no HTML."""

from itertools import groupby
from typing import Any

from features.declaration import SIDES
from features.identity.masking import masked
from serving.casework.reading import StoredHousehold, StoredRun
from serving.casework.records import Row
from serving.casework.tables import KINDS, SETTLED
from serving.checks import doubtful_lines
from serving.console.values import amount, bounds, day, figure, percent
from serving.messages import MESSAGES, text
from serving.places import community_name, street_name

#: Below this chance that exactly the listed persons live together, the visitor is told.
SURE_TOGETHER = 0.8
#: So many topics are told of what ordered a cohort.
MOVED = 4


def street_rows(run: StoredRun, counted: list[Row], language: str) -> list[Row]:
    """One row a street with the size of each of its lists."""
    rows = []
    for street, group in groupby(counted, key=lambda row: row["street_code"]):
        sizes = {row["kind"]: row["items"] for row in group}
        name = street_name(street, run.dictionary["districts"], language)
        rows.append({"code": street, "name": name, "sizes": {kind: sizes.get(kind, 0) for kind in KINDS}})
    return rows


def moved_line(run: StoredRun, kind: str, language: str) -> str | None:
    """What ordered the whole cohort of a model's list; None where rules alone did."""
    moved = run.models.get(kind, {}).get("moved")
    if not moved or not moved["households"]:
        return None
    topics = [f"{one[language]} {figure(one['share'], 'share', language)}" for one in moved["topics"][:MOVED]]
    n = figure(moved["households"], "count", language)
    return text("moved_by", language, n=n, topics=text("comma", language).join(topics))


def item_view(item: Row, language: str) -> Row:
    """One line of a list; every line has the same parts, whichever arm it came by."""
    return {
        "visit_order": item["visit_order"],
        "week": text("week", language, n=item["batch"]),
        "household_id": item["household_id"],
        "number": masked(item["number"]),
        "community": community_name(item["region_code"], language),
        "persons": persons_line(item, language),
        "checks": [check_view(check, language) for check in item["checks"]],
        "speaks_for": [line[language] for line in item["speaks_for"]],
    }


def persons_line(household: Row, language: str) -> str:
    """Persons listed; where it is doubtful that exactly they live together, how many to expect."""
    line = text("persons_n", language, n=household["person_count"] or "—")
    if household["co_living"] is not None and household["co_living"] < SURE_TOGETHER:
        line += text("persons_living", language, n=f"{household['persons_living']:.1f}")
    if household["others_at_home"]:
        line += text("others_at_home", language, n=household["others_at_home"])
    return line


def check_view(check: Row, language: str) -> Row:
    """One thing to check with its ground."""
    return {
        "kind": check["kind"],
        "ground": text(check["kind"], language),
        "sentence": check[language],
        "article": check.get("article"),
    }


def household_view(run: StoredRun, found: StoredHousehold, language: str) -> Row:
    """Everything the page of one household shows."""
    household, words = found.household, run.dictionary
    category = household["category"] or "none"
    answers = sorted(found.assessments, key=lambda a: a["question"] not in found.open_kinds)
    return {
        "household_id": household["household_id"],
        "number": masked(household["number"]),
        "street_code": household["street_code"],
        "street": street_name(household["street_code"], words["districts"], language),
        "community": community_name(household["region_code"], language),
        "category": text(f"category_{category}", language),
        "persons": persons_line(household, language),
        "review_class": household["review_class"] or "—",
        "vulnerable": household["vulnerable"],
        "open_kinds": found.open_kinds,
        "assessments": [assessment_view(a, found, words, language) for a in answers],
        "findings": [finding_view(finding, words, language) for finding in found.findings],
        "doubtful": [line[language] for line in doubtful_lines(household["sources"])],
        "judgement": judgement_view(found.judgement, words, language) if found.judgement else None,
        "sides": side_views(household, words, language) if household["profile"] else None,
    }


def assessment_view(assessment: Row, found: StoredHousehold, words: dict[str, Any], language: str) -> Row:
    """One question's answer; while the household stands on an open list nothing tells how high it is."""
    withheld = bool(found.open_kinds)
    view: Row = {
        "title": text(f"kind_{assessment['question']}", language),
        "asks": text(f"asks_{assessment['question']}", language),
        "listed": assessment["question"] in found.open_kinds,
        "withheld": withheld,
        "why": text(f"why_{assessment['why']}", language) if assessment["why"] else None,
        "kept": assessment["reasons"] is not None,
        "reasons": [reason_view(r, words, language) for r in assessment["reasons"] or []],
        "speaks_for": [reason_view(r, words, language) for r in assessment["speaks_for"] or []],
    }
    if not withheld and assessment["status"] == "scored":
        view["band"] = words["bands"][assessment["question"]][assessment["band"]][language]
        view["band_code"] = assessment["band"]
        view["of_100"] = text("of_100", language, **assessment["of_100"])
    return view


def reason_view(reason: Row, words: dict[str, Any], language: str) -> Row:
    """One reason with its evidence in columns."""
    feature = words["features"].get(reason["feature"], {})
    return {
        "kind": reason["kind"],
        "topic": reason[f"topic_{language}"],
        "what": feature.get(language, reason["feature"]),
        "value": figure(reason["value"], reason["unit"], language),
        "sentence": reason[language],
        **evidence_view(reason, words, language, monthly=_monthly(feature.get("source"), words)),
    }


def _monthly(source: str | None, words: dict[str, Any]) -> bool:
    return bool(words["sources"].get(source, {}).get("monthly"))


def evidence_view(row: Row, words: dict[str, Any], language: str, *, monthly: bool = False) -> Row:
    """Who said it, when it happened, when it became known, how sure the match is."""
    code = row["department"]
    return {
        "department": words["departments"].get(code, {}).get(language, code or "—"),
        "event_on": day(row["event_on"], monthly=monthly),
        "known_on": day(row["known_on"]),
        "confidence": percent(row["confidence"]),
    }


def finding_view(finding: Row, words: dict[str, Any], language: str) -> Row:
    """One rule finding with its article."""
    return {
        "kind": text(f"kind_{finding['question']}", language),
        "verdict": text(f"verdict_{finding['verdict']}", language),
        "holds": finding["verdict"] == "true",
        "sentence": finding[language],
        "article": finding["article"] or "—",
        "standing": standing_line(finding, language),
        **evidence_view(finding, words, language),
    }


def standing_line(finding: Row, language: str) -> str | None:
    """Since when a finding stands and how often it was seen, or how it was settled; else None."""
    if finding["opened_on"] is None:
        return None
    if finding["closed_on"] is None:
        return text("standing_open", language, on=finding["opened_on"], n=finding["times_seen"])
    if finding["closed_by"] in SETTLED:
        return text(f"standing_{finding['closed_by']}", language, on=finding["closed_on"])
    return None


def judgement_view(judgement: Row, words: dict[str, Any], language: str) -> list[tuple[str, str]]:
    """The calculation of eligibility, as terms and values."""
    low_high = {
        name: bounds(judgement[f"{name}_low_fen"], judgement[f"{name}_high_fen"], language)
        for name in ("income", "entitled")
    }
    values = {
        "eligibility": text(f"eligibility_{judgement['eligibility']}", language),
        "income_bounds": low_high["income"],
        "standard": amount(judgement["standard_fen"], language),
        "entitled_bounds": low_high["entitled"],
        "benefit": amount(judgement["benefit_fen"], language),
        "missing_item": missing_item(judgement["missing_item"], words, language),
        "article": judgement["article"] or "—",
    }
    return [(text(code, language), value) for code, value in values.items()]


def missing_item(code: str | None, words: dict[str, Any], language: str) -> str:
    """The one thing that would settle eligibility: a silent table, or something of the family's."""
    if not code:
        return text("nothing_missing", language)
    if code in words["sources"]:
        return str(words["sources"][code][language])
    return text(f"missing_{code}", language) if f"missing_{code}" in MESSAGES else code


def side_views(household: Row, words: dict[str, Any], language: str) -> list[Row]:
    """The profile by side: each feature with its value and what its main table answered."""
    sides: dict[str, list[Row]] = {side: [] for side in SIDES}
    answers = household["sources"] or {}
    for name, feature in words["features"].items():
        if name not in household["profile"]:
            continue
        answer = answers.get(feature["source"], {})
        state = answer.get("state")
        sides[feature["side"]].append(
            {
                "name": name,
                "what": feature[language],
                "value": figure(household["profile"][name], feature["unit"], language),
                "source": words["sources"][feature["source"]][language],
                "state": text(f"state_{state}", language) if state else "—",
                "known_on": day(answer.get("known_on")),
            }
        )
    return [
        {"code": side, "title": text(f"side_{side}", language), "features": features}
        for side, features in sides.items()
        if features
    ]
