"""Who is at school, and who has just left it."""

from typing import Any

from features.declaration import feature
from features.windows import current, months_since

SPELL = ("from", "to")
#: After these stages a person may enter work.
LEAVING = ("senior", "vocational", "bachelor", "postgraduate")


@feature(
    source="enrolments",
    reads=SPELL,
    unit="count",
    topic="school",
    need=True,
    zh="在读学生数",
    en="members at school",
)
def education_students_count(rows: Any) -> Any:
    return rows.person_id.nunique(where=current(rows, "to"))


@feature(
    source="enrolments",
    reads=("stage", *SPELL),
    unit="count",
    topic="school",
    need=True,
    zh="义务教育在读人数",
    en="members in compulsory school",
)
def education_compulsory_count(rows: Any) -> Any:
    stage = rows.stage.isin(["primary", "junior"])
    return rows.person_id.nunique(where=current(rows, "to") & stage)


@feature(
    source="enrolments",
    reads=("stage", *SPELL),
    unit="count",
    topic="school",
    need=True,
    zh="本专科在读人数",
    en="members at college",
)
def education_college_count(rows: Any) -> Any:
    return rows.person_id.nunique(where=current(rows, "to") & (rows.stage == "bachelor"))


@feature(
    source="enrolments",
    reads=SPELL,
    unit="count",
    topic="school",
    need=True,
    zh="16 岁以上在读人数",
    en="members of 16 or older at school",
)
def education_students_working_age_count(rows: Any) -> Any:
    return rows.person_id.nunique(where=current(rows, "to") & (rows.age >= 16) & (rows.age < 60))


@feature(
    source="enrolments",
    reads=("aid_yuan_year", *SPELL),
    unit="yuan",
    topic="school",
    need=True,
    zh="在读学生年资助额",
    en="aid to members at school a year",
)
def education_aid_yuan_year(rows: Any) -> Any:
    return rows.aid_yuan_year.sum(where=current(rows, "to"))


@feature(
    source="enrolments",
    reads=("aid_yuan_year", *SPELL),
    unit="count",
    topic="school",
    need=True,
    zh="受资助学生数",
    en="members at school with aid",
)
def education_aided_count(rows: Any) -> Any:
    return rows.person_id.nunique(where=current(rows, "to") & (rows.aid_yuan_year > 0))


@feature(
    source="enrolments",
    reads=("stage", *SPELL),
    unit="count",
    topic="work_capacity",
    raises=1,
    zh="近 12 个月毕业、离校人数（高中及以上）",
    en="members who left senior school or college in the last 12 months",
)
def education_left_count_12m(rows: Any) -> Any:
    return rows.person_id.nunique(where=rows.stage.isin(LEAVING) & (months_since(rows, "to") < 12))


@feature(
    source="enrolments",
    reads=("fee_yuan_year", *SPELL),
    unit="yuan",
    topic="school",
    zh="在读学生年学费",
    en="school fees a year",
)
def education_fee_yuan_year(rows: Any) -> Any:
    return rows.fee_yuan_year.sum(where=current(rows, "to"))
