"""Disability, serious illness and what care costs. All of it is need: it may help, never accuse."""

from typing import Any

from features.declaration import feature
from features.windows import current, earlier, last

CERTIFICATE = ("grade", "issued_on", "valid_until")


@feature(
    source="certificates",
    reads=CERTIFICATE,
    unit="count",
    topic="disability",
    need=True,
    zh="持有效残疾证人数",
    en="members with a valid disability certificate",
)
def health_disabled_count(rows: Any) -> Any:
    return rows.person_id.nunique(where=current(rows, "valid_until"))


@feature(
    source="certificates",
    reads=CERTIFICATE,
    unit="count",
    topic="disability",
    need=True,
    zh="重度残疾（一、二级）人数",
    en="members with a severe disability, grade 1 or 2",
)
def health_severe_count(rows: Any) -> Any:
    return rows.person_id.nunique(where=current(rows, "valid_until") & (rows.grade <= 2))


@feature(
    source="certificates",
    reads=("category", *CERTIFICATE),
    unit="count",
    topic="disability",
    need=True,
    zh="符合单人保残疾条件人数",
    en="members whose disability opens single-person dibao (measures art. 8)",
)
def health_single_person_count(rows: Any) -> Any:
    mental = (rows.grade == 3) & rows.category.isin(["intellectual", "mental"])
    return rows.person_id.nunique(where=current(rows, "valid_until") & ((rows.grade <= 2) | mental))


@feature(
    source="certificates",
    reads=CERTIFICATE,
    unit="count",
    topic="disability",
    need=True,
    zh="劳动年龄重度残疾人数",
    en="members of working age with a severe disability",
)
def health_severe_working_age_count(rows: Any) -> Any:
    severe = current(rows, "valid_until") & (rows.grade <= 2)
    return rows.person_id.nunique(where=severe & (rows.age >= 16) & (rows.age < 60))


@feature(
    source="certificates",
    reads=("grade", "issued_on"),
    unit="count",
    topic="disability",
    need=True,
    zh="近 12 个月新领残疾证数",
    en="disability certificates issued in the last 12 months",
)
def health_certificates_new_count_12m(rows: Any) -> Any:
    return rows.count(where=last(rows, 12))


@feature(
    source="serious_illness",
    reads=("id_no", "registered_on"),
    unit="count",
    topic="illness",
    need=True,
    zh="重大疾病人数",
    en="members with a serious illness",
)
def health_serious_illness_count(rows: Any) -> Any:
    return rows.person_id.nunique()


@feature(
    source="serious_illness",
    reads=("id_no", "registered_on"),
    unit="count",
    topic="illness",
    need=True,
    zh="近 12 个月新登记重大疾病人数",
    en="members registered with a serious illness in the last 12 months",
)
def health_serious_illness_new_count_12m(rows: Any) -> Any:
    return rows.person_id.nunique(where=last(rows, 12))


@feature(
    source="settlements",
    reads=("self_paid_yuan", "settled_on"),
    unit="yuan",
    topic="medical_cost",
    need=True,
    zh="近 12 个月医疗自付",
    en="medical cost paid by the family, last 12 months",
)
def health_self_paid_yuan_12m(rows: Any) -> Any:
    return rows.self_paid_yuan.sum(where=last(rows, 12))


@feature(
    source="settlements",
    reads=("self_paid_yuan", "settled_on"),
    unit="yuan",
    topic="medical_cost",
    need=True,
    zh="近 3 个月医疗自付",
    en="medical cost paid by the family, last 3 months",
)
def health_self_paid_yuan_3m(rows: Any) -> Any:
    return rows.self_paid_yuan.sum(where=last(rows, 3))


@feature(
    source="settlements",
    reads=("self_paid_yuan", "settled_on"),
    unit="yuan",
    topic="medical_cost",
    need=True,
    zh="前一年（13 至 24 个月前）医疗自付",
    en="medical cost paid by the family in the year before",
)
def health_self_paid_yuan_prior(rows: Any) -> Any:
    return rows.self_paid_yuan.sum(where=earlier(rows, 12, 24))


@feature(
    source="settlements",
    reads=("kind", "self_paid_yuan", "settled_on"),
    unit="yuan",
    topic="medical_cost",
    need=True,
    zh="近 12 个月住院自付",
    en="hospital cost paid by the family, last 12 months",
)
def health_inpatient_self_paid_yuan_12m(rows: Any) -> Any:
    return rows.self_paid_yuan.sum(where=(rows.kind == "inpatient") & last(rows, 12))


@feature(
    source="settlements",
    reads=("kind", "settled_on"),
    unit="count",
    topic="medical_cost",
    need=True,
    zh="近 12 个月住院次数",
    en="hospital stays, last 12 months",
)
def health_inpatient_count_12m(rows: Any) -> Any:
    return rows.count(where=(rows.kind == "inpatient") & last(rows, 12))


@feature(
    source="settlements",
    reads=("kind", "settled_on"),
    unit="count",
    topic="medical_cost",
    need=True,
    zh="近 12 个月慢特病结算次数",
    en="settlements for chronic illness, last 12 months",
)
def health_chronic_count_12m(rows: Any) -> Any:
    return rows.count(where=(rows.kind == "chronic") & last(rows, 12))


@feature(
    source="settlements",
    reads=("total_yuan", "settled_on"),
    unit="yuan",
    topic="medical_cost",
    need=True,
    zh="近 12 个月医疗总费用",
    en="medical cost in all, last 12 months",
)
def health_total_yuan_12m(rows: Any) -> Any:
    return rows.total_yuan.sum(where=last(rows, 12))


@feature(
    source="grid_reports",
    reads=("kind", "reported_on"),
    kinds=("illness",),
    unit="count",
    topic="hardship_report",
    need=True,
    zh="近 12 个月网格上报患病次数",
    en="illness reported by the grid, last 12 months",
)
def health_illness_reports_count_12m(rows: Any) -> Any:
    return rows.count(where=(rows.kind == "illness") & last(rows, 12))


@feature(
    of=("health_self_paid_yuan_12m", "composition_persons_count"),
    unit="months",
    topic="medical_cost",
    zh="人均医疗自付相当于几个月低保标准",
    en="medical cost paid a person in 12 months, in months of the local standard",
)
def health_self_paid_months_standard_12m(household: Any) -> Any:
    persons = household.composition_persons_count.nullif(0)
    return household.health_self_paid_yuan_12m / persons / household.standard_yuan
