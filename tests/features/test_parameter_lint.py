"""Where a local value contradicts national law the linter says so, with the article."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from features import parameters
from features.__main__ import app
from features.parameters.constraints import Constraint, Severity, load_constraints
from features.parameters.lint import Finding, lint
from features.parameters.reading import DIRECTORY

REGION = (DIRECTORY / "region_990102.yaml").read_text(encoding="utf-8")
LAWFUL = "[income_over_line, property_over_limit, not_resident, check_refused, false_statement]"
EXEMPT = "[preferential_allowance, family_planning_award, scholarship, bravery_award, government_relief"


def planted(tmp_path: Path, *changes: tuple[str, str]) -> list[Finding]:
    """Findings of the city's file after these texts were replaced."""
    text = REGION
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "proposal.yaml"
    file.write_text(text, encoding="utf-8")
    return lint([file], parameters.load().national)


def value_of(name: str, old: str, new: str) -> tuple[str, str]:
    """A replacement of the first value of one parameter."""
    block = REGION[REGION.index(f"  {name}:\n") :]
    block = block[: block.index(old) + len(old)]
    return block, block[: -len(old)] + new


@pytest.mark.parametrize(
    ("name", "old", "new", "severity", "article", "said"),
    [
        (
            "refusal_grounds", LAWFUL, LAWFUL[:-1] + ", working_age_member]", "error", "第四条",
            "may not be refused for a member of working age; take out working_age_member",
        ),
        (
            "refusal_grounds", LAWFUL, LAWFUL[:-1] + ", occupation]", "error", "标签",
            "by occupation or identity; take out occupation",
        ),
        (
            "refusal_grounds", LAWFUL, LAWFUL[:-1] + ", keeps_a_pet]", "error", "不得附加",
            "keeps_a_pet is an extra one, take it out",
        ),
        (
            "income_exempt", EXEMPT, EXEMPT.replace("preferential_allowance, ", ""), "error", "第十三条",
            "preferential_allowance does not count as income by law; add it",
        ),
        (
            "income_exempt", EXEMPT, "[scholarship, bravery_award", "error", "第十三条",
            "family_planning_award, government_relief, preferential_allowance does not count",
        ),
        (
            "income_kinds_counted", "property, ", "", "warning", "第十三条",
            "counts property as income; where it is not counted, say on what ground",
        ),
        ("earnings_assumed", "false", "true", "warning", "第十三条", "where earnings are assumed, say"),
        ("gradual_exit_months", ": 6", ": 12", "warning", "83号", "of 12 months; in principle at most 6"),
        ("review_class_c_months", ": 6", ": 18", "error", "第三十一条", "every 18 months; .* every 12"),
        ("public_notice_days", ": 7", ": 30", "error", "公示", "of 30 days, longer than the 7 of the law"),
        (
            "clock_plan_working_days", ": 12", ": 25", "error", "20个工作日",
            "where the street decides, 25 working days are more than the 20 of the law; write at most 20",
        ),
        ("rigid_expenditure_ratio", "0.60", "0.45", "warning", "刚性支出", "of 0.45, below the 0.6"),
        ("rigid_expenditure_ratio", "0.60", "0.95", "warning", "刚性支出", "of 0.95, above the 0.60 to 0.9"),
        ("rigid_expenditure_valid_months", "12", "24", "error", "刚性支出", "24 months, more than the 12"),
    ],
)  # fmt: skip
def test_a_contradiction_is_found_with_its_article(
    name: str, old: str, new: str, severity: str, article: str, said: str, tmp_path: Path
) -> None:
    (finding,) = planted(tmp_path, value_of(name, old, new))
    assert (finding.severity, finding.file) == (severity, "proposal.yaml")
    assert finding.key.startswith(f"{name}.values.20")
    assert article in finding.article
    assert re.search(said, finding.en)
    assert finding.zh


def test_codes_are_told_by_their_chinese_names(tmp_path: Path) -> None:
    (finding,) = planted(tmp_path, value_of("income_exempt", "bravery_award, ", ""))
    assert finding.zh.startswith("见义勇为奖励 bravery_award 依规定不计入家庭收入")


def test_another_marginal_factor_contradicts_article_8(tmp_path: Path) -> None:
    own = (
        "parameters:\n  marginal_factor:\n    zh: 倍数\n    en: factor\n    unit: factor\n"
        "    reference: 练习甲区民发〔2022〕18号\n    values:\n      2023-01-01: 2\n      2024-01-01: 1.5\n"
    )
    other, same = planted(tmp_path, ("parameters:\n", own))
    assert (other.severity, same.severity) == (Severity.ERROR, Severity.WARNING)
    assert other.key == "marginal_factor.values.2023-01-01"
    assert "第八条" in other.article
    assert "1.5 by national law, 2 here" in other.en


def test_values_of_one_side_and_of_a_later_date_are_found(tmp_path: Path) -> None:
    sides = (
        "      urban:\n        2023-01-01: 7\n      rural:\n        2023-01-01: 7\n        2026-03-01: 10\n"
    )
    old, _ = value_of("public_notice_days", "      2023-01-01: 7\n", "")
    new = old.removesuffix("      2023-01-01: 7\n") + sides
    (finding,) = planted(tmp_path, (old, new))
    assert finding.key == "public_notice_days.values.rural.2026-03-01"


def test_a_long_clock_is_lawful_where_the_county_decides(tmp_path: Path) -> None:
    county = [
        value_of("street_decides", "true", "false"),
        value_of("clock_plan_working_days", ": 12", ": 30"),
    ]
    assert planted(tmp_path, *county) == []
    (finding,) = planted(tmp_path, county[0], value_of("clock_plan_working_days", ": 12", ": 45"))
    assert "more than the 30 of the law" in finding.en


def test_a_value_before_the_law_came_into_force_is_no_contradiction(tmp_path: Path) -> None:
    early, late = "      2023-01-01: 12\n", "      2023-01-01: 24\n      2025-01-01: 12\n"
    assert planted(tmp_path, value_of("rigid_expenditure_valid_months", early, late)) == []


def test_faults_of_writing_do_not_hide_contradictions(tmp_path: Path) -> None:
    found = planted(
        tmp_path,
        value_of("public_notice_days", ": 7", ": 30"),
        ("  shops_limit:\n", "  shop_limit:\n"),
    )
    assert {finding.key for finding in found} == {
        "parameters.shop_limit",
        "parameters.shops_limit",
        "public_notice_days.values.2023-01-01",
    }


def test_the_practice_regions_keep_the_law() -> None:
    assert lint(sorted(DIRECTORY.glob("region_*.yaml")), parameters.load().national) == []


def test_every_demand_speaks_of_declared_parameters_and_cites_its_ground() -> None:
    demands = load_constraints()
    assert len(demands) >= 15
    for demand in demands:
        assert "《" in demand.article or "通知" in demand.article
        assert demand.zh
        assert demand.en
    with pytest.raises(ValueError, match="is not a local parameter"):
        Constraint("marginal_factor", "equal", 1, date(2021, 7, 1), Severity.ERROR, "", "", "")
    with pytest.raises(ValueError, match="is none of at_most"):
        Constraint("clock_plan_working_days", "below", 1, date(2021, 7, 1), Severity.ERROR, "", "", "")


def test_the_command_ends_with_2_on_an_error_and_with_0_on_a_warning(tmp_path: Path) -> None:
    planted(tmp_path, value_of("gradual_exit_months", ": 6", ": 12"))
    file = str(tmp_path / "proposal.yaml")
    lenient = CliRunner().invoke(app, ["parameters", "check", file, "--json"])
    assert lenient.exit_code == 0
    assert json.loads(lenient.stdout)["warnings"] == 1
    planted(tmp_path, value_of("public_notice_days", ": 7", ": 30"))
    strict = CliRunner().invoke(app, ["parameters", "check", file, "--json"])
    assert strict.exit_code == 2
    told = json.loads(strict.stdout)
    assert told["errors"] == 1
    assert told["findings"][0]["article"].startswith("《最低生活保障审核确认办法》")


def test_the_values_of_a_place_and_date_are_shown() -> None:
    arguments = ["parameters", "show", "--region", "990102", "--as-of", "2025-06-30", "--json"]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 0
    rows = {row["name"]: row for row in json.loads(shown.stdout)["values"]}
    assert rows["standard"]["value"] == "1150"
    assert rows["standard"]["since"] == "2024-01-01"
    assert rows["standard"]["reference"] == "练习甲区民发〔2023〕21号"
    assert "民政局" in rows["standard"]["confirmed_by"]
    assert rows["gradual_exit_formula"]["value"] == "full"
