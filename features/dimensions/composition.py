"""Who lives in the household: ages, dependants, who could work. A row of residents is one member."""

from typing import Any

from features.declaration import feature

#: 老年人: 60 in civil affairs' convention (老年人权益保障法 art. 2).
OLD = 60
#: Working age in the measures: from 16 (劳动法 art. 15) to 59.
WORKING = 16


def _old(rows: Any) -> Any:
    return rows.age >= OLD


def _child(rows: Any) -> Any:
    return rows.age < 18


@feature(
    source="residents",
    reads=("born_on",),
    unit="count",
    topic="household_members",
    zh="家庭人口数",
    en="persons in the household",
)
def composition_persons_count(rows: Any) -> Any:
    return rows.count()


@feature(
    source="residents",
    reads=("born_on",),
    unit="count",
    topic="household_members",
    need=True,
    zh="未成年人数",
    en="children under 18",
)
def composition_children_count(rows: Any) -> Any:
    return rows.count(where=_child(rows))


@feature(
    source="residents",
    reads=("born_on",),
    unit="count",
    topic="household_members",
    need=True,
    zh="60 岁以上老人数",
    en="persons of 60 or older",
)
def composition_elderly_count(rows: Any) -> Any:
    return rows.count(where=_old(rows))


@feature(
    source="residents",
    reads=("born_on",),
    unit="count",
    topic="household_members",
    need=True,
    zh="80 岁以上老人数",
    en="persons of 80 or older",
)
def composition_very_old_count(rows: Any) -> Any:
    return rows.count(where=rows.age >= 80)


@feature(
    source="residents",
    reads=("born_on",),
    unit="count",
    topic="work_capacity",
    zh="劳动年龄人数",
    en="persons of working age, 16 to 59",
)
def composition_working_age_count(rows: Any) -> Any:
    return rows.count(where=(rows.age >= WORKING) & (rows.age < OLD))


@feature(
    source="residents",
    reads=("born_on",),
    unit="years",
    topic="household_members",
    need=True,
    empty=None,
    zh="最年长成员年龄",
    en="age of the oldest member",
)
def composition_oldest_years(rows: Any) -> Any:
    return rows.age.max()


@feature(
    source="residents",
    reads=("born_on",),
    unit="years",
    topic="household_members",
    need=True,
    empty=None,
    zh="最年幼成员年龄",
    en="age of the youngest member",
)
def composition_youngest_years(rows: Any) -> Any:
    return rows.age.min()


@feature(
    source="residents",
    reads=("born_on",),
    unit="years",
    topic="household_members",
    need=True,
    empty=None,
    zh="成员平均年龄",
    en="mean age of the members",
)
def composition_mean_years(rows: Any) -> Any:
    return rows.age.mean()


@feature(
    source="residents",
    reads=("born_on",),
    unit="count",
    topic="household_change",
    need=True,
    zh="近 12 个月出生人数",
    en="born in the last 12 months",
)
def composition_born_count_12m(rows: Any) -> Any:
    return rows.count(where=rows.age < 1)


@feature(
    of=("composition_persons_count", "composition_elderly_count"),
    unit="flag",
    topic="household_members",
    zh="老人独居",
    en="an old person living alone",
)
def composition_old_alone_flag(household: Any) -> Any:
    alone = household.composition_persons_count == 1
    return alone & (household.composition_elderly_count == 1)


@feature(
    of=("composition_persons_count", "composition_elderly_count"),
    unit="flag",
    topic="household_members",
    zh="只有老人的家庭",
    en="a household of old persons only",
)
def composition_only_old_flag(household: Any) -> Any:
    persons = household.composition_persons_count
    return (persons > 0) & (household.composition_elderly_count == persons)


@feature(
    of=("composition_children_count", "composition_persons_count"),
    unit="flag",
    topic="household_members",
    zh="单亲家庭（一名成人带未成年人）",
    en="one adult with children",
)
def composition_single_parent_flag(household: Any) -> Any:
    children = household.composition_children_count
    return (children > 0) & (household.composition_persons_count - children == 1)


@feature(
    of=("composition_working_age_count", "composition_persons_count"),
    unit="share",
    topic="household_members",
    need=True,
    empty=None,
    zh="被抚养、赡养人口占比",
    en="share of members outside working age",
)
def composition_dependants_share(household: Any) -> Any:
    persons = household.composition_persons_count.nullif(0)
    return 1 - household.composition_working_age_count / persons


@feature(
    source="marriages",
    reads=("id_no_a", "id_no_b", "married_on", "divorced_on"),
    unit="count",
    topic="household_change",
    raises=1,
    zh="配偶不在家庭成员中的已婚成员数",
    en="married members whose spouse is not in the household",
)
def composition_spouse_elsewhere_count(rows: Any) -> Any:
    divorced = rows.divorced_on <= rows.as_of
    return rows.person_id.nunique(where=~divorced.fill_null(False) & ~rows.spouse_in_household)
