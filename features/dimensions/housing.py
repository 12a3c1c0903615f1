"""Where the household lives, on what terms, and whether it is there."""

from typing import Any

from features.declaration import feature
from features.windows import current, last, months_since

RESIDENCE = ("residence_region_code", "residence_address")


@feature(
    source="public_rental",
    reads=("from", "to"),
    unit="flag",
    topic="public_rental",
    zh="住公租房",
    en="lives in public rental housing",
)
def housing_public_rental_flag(rows: Any) -> Any:
    return current(rows, "to").cast("int8").max()


@feature(
    source="public_rental",
    reads=("from", "to", "rent_yuan"),
    unit="yuan",
    topic="public_rental",
    zh="公租房月租金",
    en="rent of public housing a month",
)
def housing_public_rent_yuan_month(rows: Any) -> Any:
    return rows.rent_yuan.sum(where=current(rows, "to"))


@feature(
    source="public_rental",
    reads=("from", "to"),
    unit="months",
    topic="public_rental",
    empty=None,
    zh="入住公租房月数",
    en="months since public housing began",
)
def housing_public_rental_months(rows: Any) -> Any:
    return rows.months_ago.max(where=current(rows, "to"))


@feature(
    source="residents",
    reads=("residence_region_code", "hukou_region_code"),
    unit="share",
    topic="residence",
    empty=None,
    zh="人户分离成员占比",
    en="share of members who live outside their hukou community",
)
def housing_away_from_hukou_share(rows: Any) -> Any:
    return (rows.residence_region_code != rows.hukou_region_code).cast("int64").mean()


@feature(
    source="residents",
    reads=("residence_region_code",),
    unit="count",
    topic="residence",
    raises=1,
    zh="居住地不在本街道的成员数",
    en="members whose residence is in another street",
)
def housing_other_street_count(rows: Any) -> Any:
    return rows.count(where=rows.residence_region_code.substr(0, 9) != rows.street_code)


@feature(
    source="residents",
    reads=("residence_region_code",),
    unit="count",
    topic="residence",
    raises=1,
    zh="居住地不在本区县的成员数",
    en="members whose residence is in another district",
)
def housing_other_district_count(rows: Any) -> Any:
    return rows.count(where=rows.residence_region_code.substr(0, 6) != rows.district_code)


@feature(
    source="residents",
    reads=RESIDENCE,
    unit="count",
    topic="residence",
    zh="成员居住地址数",
    en="different addresses of the members",
)
def housing_addresses_count(rows: Any) -> Any:
    return rows.residence_address.nunique()


@feature(
    source="residents",
    reads=("residence_since",),
    unit="months",
    topic="residence",
    empty=None,
    zh="最近一次迁居距今月数",
    en="months since a member last moved",
)
def housing_months_since_move(rows: Any) -> Any:
    return months_since(rows, "residence_since").min()


@feature(
    source="grid_reports",
    reads=("kind", "reported_on"),
    kinds=("empty_home",),
    unit="count",
    topic="grid_observation",
    raises=1,
    zh="近 12 个月网格上报空户次数",
    en="reports of an empty home, last 12 months",
)
def housing_empty_home_count_12m(rows: Any) -> Any:
    return rows.count(where=(rows.kind == "empty_home") & last(rows, 12))


@feature(
    of=("composition_persons_count",),
    unit="flag",
    topic="residence",
    zh="农村家庭",
    en="rural household",
)
def housing_rural_flag(household: Any) -> Any:
    return household.urban_rural == "rural"


@feature(
    source="usage",
    reads=("kwh", "month"),
    unit="kwh",
    topic="usage",
    empty=None,
    zh="近 3 个月月均用电量",
    en="power used a month, last 3 months",
)
def housing_power_kwh_month_3m(rows: Any) -> Any:
    power = rows.kwh_exact.sum(where=last(rows, 3)).cast("float64")
    return power / rows.month.nunique(where=last(rows, 3)).nullif(0)
