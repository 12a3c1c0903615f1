"""Every mistake in a parameter file is told at once, with the file, the key and what to write instead."""

import shutil
from pathlib import Path

import pytest

from features import parameters
from features.errors import UserError
from features.parameters.reading import DIRECTORY

FILE = "region_990102.yaml"
STANDARD = "      2024-01-01: {value: 1150, reference: 练习甲区民发〔2023〕21号}\n"
HOMESTEAD = "      2023-01-01: true\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in DIRECTORY.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def refusal(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """The lines of the refusal after these texts were replaced in the city's file."""
    text = (folder / FILE).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as refused:
        parameters.load(folder)
    return str(refused.value).splitlines()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "    unit: yuan/person/month\n",
            "    unit: yuan/month\n",
            "standard.unit: 单位应为 yuan/person/month，不是 yuan/month；请核对数值是否也按此单位"
            " / the unit must be yuan/person/month, not yuan/month; check that the values are too",
        ),
        (
            "    reference: 练习甲区民发\n",
            "    reference: 待定\n",
            "standard.reference: 未写明依据，请写条款或文号"
            " / nothing is cited: name the article or the document",
        ),
        (
            "confirmed_by: 练习甲区（城区）民政局社会救助科（练习 / practice）",
            "confirmed_by:",
            "confirmed_by: 未写明由谁确认，请写单位 / nobody is named who confirmed: name the office",
        ),
        (
            "confirmed_by: 练习甲区（城区）民政局社会救助科（练习 / practice）\n",
            "",
            "confirmed_by: 缺少，请补上 / missing, add it",
        ),
        (
            STANDARD,
            "      2024-01-01: {value: 1150, confirmed_by: 待定}\n",
            "standard.values.2024-01-01.confirmed_by: 未写明由谁确认，请写单位"
            " / nobody is named who confirmed: name the office",
        ),
        (
            STANDARD,
            "      2024-01-01: {reference: 练习甲区民发〔2023〕21号}\n",
            "standard.values.2024-01-01.value: 缺少，请补上 / missing, add it",
        ),
        (
            "    values:\n" + HOMESTEAD,
            "    values: true\n",
            "homestead_counted.values: 缺少生效日期，应为 YYYY-MM-DD: 值"
            " / a date is missing: write YYYY-MM-DD: value",
        ),
        (
            STANDARD,
            "      2024: 1150\n",
            "standard.values.2024: 应为 YYYY-MM-DD 日期 / write the date as YYYY-MM-DD",
        ),
        (
            STANDARD,
            STANDARD + "      2024-06-01: {value: 11800}\n",
            "standard.values.2024-06-01: 11800 超出 200 至 5000，请核对单位 yuan/person/month"
            " / 11800 is outside 200 to 5000; check the unit yuan/person/month",
        ),
        (
            STANDARD,
            "      2024-01-01: {value: 1150, until: 2024-12-31}\n",
            "standard.values.2024-01-01.until: 2024-12-31 与 2025-07-01 之间无值（日期有空档），请补上"
            " / gap: no value between 2024-12-31 and 2025-07-01, add one",
        ),
        (
            STANDARD,
            "      2024-01-01: {value: 1150, until: 2025-07-01}\n",
            "standard.values.2024-01-01.until: 与 2025-07-01 的值日期重叠，请改为前一日"
            " / overlaps the value of 2025-07-01; end it the day before",
        ),
        (
            "  rigid_expenditure_ratio:\n",
            "  rigid_expediture_ratio:\n",
            "parameters.rigid_expediture_ratio: 不认识的键；是否为 rigid_expenditure_ratio？"
            " / unknown key; did you mean rigid_expenditure_ratio?",
        ),
        (
            "      2023-01-01: full\n",
            "      2023-01-01: ful\n",
            "gradual_exit_formula.values.2023-01-01: ful 不认识；是否为 full？"
            " / ful is not known; did you mean full?",
        ),
        (
            "[wages, business, property, transfer, other]",
            "[wages, wages, property, transfer, other]",
            "income_kinds_counted.values.2023-01-01: 同一代码写了两次 / a code is written twice",
        ),
        (
            "[income_stable, none_able_to_work]",
            "[able_to_work, none_able_to_work]",
            "review_class_a_when.values.2023-01-01: able_to_work 同时写在 review_class_c_when，互相矛盾，"
            "请留一处 / able_to_work is in review_class_c_when too: they contradict each other, keep one",
        ),
        (
            '["990102003", "990102006"]',
            '["990102003", "990123006"]',
            "streets_declaring_by_year.values.2023-01-01: 街道 990123006 不属于本区划 990102，请核对"
            " / street 990123006 is not of this district, 990102: check the code",
        ),
        (
            "  linked_education_aid_yuan:\n",
            "  linked_education_aid:\n",
            "linked_kept_by_marginal.values.2023-01-01: linked_education_aid_yuan 在本文件中没有值，"
            "请补上该参数或从列表中删去"
            " / linked_education_aid_yuan has no value in this file: add one, or take it out of the list",
        ),
        (
            'district_code: "990102"',
            'district_code: "780102"',
            "district_code: 没有以 78 开头的区划，请核对代码"
            " / unknown district: no province has the code 78; check it",
        ),
        (
            'district_code: "990102"',
            "district_code: 99010",
            "district_code: 99010 应为加引号的 6 位区划代码 / 99010: write 6 digits between quotes",
        ),
        (
            'district_code: "990102"',
            'district_code: "990123"',
            "district_code: 与文件名不符（990123） / rename the file region_990123.yaml",
        ),
        (
            "parameters:\n",
            "parameters:\n  marginal_factor:\n    zh: 倍数\n    en: factor\n    unit: factor\n"
            "    reference: 练习甲区民发〔2022〕18号\n    values:\n      2023-01-01: 2\n",
            "parameters.marginal_factor: 全国统一的参数，地方文件不能另定，请删去"
            " / national, a region's file cannot set it: remove it",
        ),
    ],
)
def test_a_mistake_is_told_with_file_key_and_remedy(old: str, new: str, said: str, folder: Path) -> None:
    assert f"{FILE}: {said}" in refusal(folder, (old, new))


def test_all_faults_of_a_file_are_told_at_once(folder: Path) -> None:
    lines = refusal(
        folder,
        ("en: practice district A, urban\n", ""),
        ("    unit: yuan/person/month\n", "    unit: yuan\n"),
        (STANDARD, STANDARD * 2),
        (HOMESTEAD, "      2023-01-01: 1\n"),
        ("  shops_limit:\n", "  shop_limit:\n"),
    )
    assert [line.split(": ")[1] for line in lines] == [
        "2024-01-01",
        "en",
        "parameters.shop_limit",
        "parameters.shops_limit",
        "standard.unit",
        "homestead_counted.values.2023-01-01",
    ]
    assert lines[0] == (f"{FILE}: 2024-01-01: 第 16 行：同一键写了两次 / line 16: written twice, keep one")


def test_faults_of_every_file_are_told_at_once(folder: Path) -> None:
    for name in (FILE, "region_990123.yaml"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("dwellings_limit:", "dwelling_limit:"), encoding="utf-8")
    with pytest.raises(UserError) as refused:
        parameters.load(folder)
    assert {line.split(": ")[0] for line in str(refused.value).splitlines()} == {FILE, "region_990123.yaml"}


def test_a_file_that_is_no_yaml_is_refused_in_one_line(folder: Path) -> None:
    (folder / FILE).write_text("standard: [1, 2\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"region_990102\.yaml: .*cannot be read; mend that line$"):
        parameters.load(folder)


def test_each_value_may_have_its_own_document_and_confirmation(folder: Path) -> None:
    text = (folder / FILE).read_text(encoding="utf-8")
    own = "      2024-01-01: {value: 1150, reference: 文〔2023〕1号, confirmed_by: 练习市民政局}\n"
    (folder / FILE).write_text(text.replace(STANDARD, own, 1), encoding="utf-8")
    dated = parameters.load(folder).parameter("standard", "990102").values["both"][1]
    assert (dated.reference, dated.confirmed_by) == ("文〔2023〕1号", "练习市民政局")
