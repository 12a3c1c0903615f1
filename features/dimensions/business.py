"""Companies, individual businesses and shares."""

from typing import Any

from features.declaration import feature
from features.windows import current, last, months_since

ENTITY = ("uscc", "status", "status_on", "registered_on")


def _active(rows: Any) -> Any:
    # A cancellation dated after as_of has not happened yet.
    ended = (rows.status != "active") & (rows.status_on.isnull() | (rows.status_on <= rows.as_of))
    return ~ended.fill_null(False)


@feature(
    source="entities",
    reads=ENTITY,
    unit="count",
    topic="companies",
    raises=1,
    zh="名下存续市场主体数",
    en="active businesses and companies",
)
def business_active_count(rows: Any) -> Any:
    return rows.uscc.nunique(where=_active(rows))


@feature(
    source="entities",
    reads=("kind", *ENTITY),
    unit="count",
    topic="companies",
    raises=1,
    zh="名下存续企业数",
    en="active companies",
)
def business_companies_count(rows: Any) -> Any:
    return rows.uscc.nunique(where=_active(rows) & (rows.kind == "company"))


@feature(
    source="entities",
    reads=("kind", *ENTITY),
    unit="count",
    topic="companies",
    raises=1,
    zh="名下存续个体工商户数",
    en="active individual businesses",
)
def business_individual_count(rows: Any) -> Any:
    return rows.uscc.nunique(where=_active(rows) & (rows.kind == "individual_business"))


@feature(
    source="entities",
    reads=ENTITY,
    unit="count",
    topic="companies",
    raises=1,
    zh="近 24 个月新设市场主体数",
    en="businesses registered in the last 24 months",
)
def business_registered_count_24m(rows: Any) -> Any:
    return rows.uscc.nunique(where=last(rows, 24))


@feature(
    source="entities",
    reads=ENTITY,
    unit="count",
    topic="companies",
    zh="近 24 个月注销、吊销市场主体数",
    en="businesses ended in the last 24 months",
)
def business_ended_count_24m(rows: Any) -> Any:
    return rows.uscc.nunique(where=~_active(rows) & (months_since(rows, "status_on") < 24))


@feature(
    source="entities",
    reads=("registered_capital_yuan", *ENTITY),
    unit="yuan",
    topic="companies",
    raises=1,
    zh="存续市场主体注册资本合计",
    en="registered capital of active businesses",
)
def business_capital_yuan(rows: Any) -> Any:
    return rows.registered_capital_yuan.sum(where=_active(rows))


@feature(
    source="entities",
    reads=ENTITY,
    unit="months",
    topic="companies",
    empty=None,
    raises=-1,
    zh="最新存续市场主体成立月数",
    en="months since the newest active business was registered",
)
def business_newest_months(rows: Any) -> Any:
    return rows.months_ago.min(where=_active(rows))


@feature(
    source="shareholders",
    reads=("uscc", "from", "to"),
    unit="count",
    topic="companies",
    raises=1,
    zh="持股企业数",
    en="companies held in part",
)
def business_holdings_count(rows: Any) -> Any:
    return rows.uscc.nunique(where=current(rows, "to"))


@feature(
    source="shareholders",
    reads=("share_percent", "from", "to"),
    unit="share",
    topic="companies",
    raises=1,
    zh="最高持股比例",
    en="largest share held",
)
def business_largest_share(rows: Any) -> Any:
    return rows.share_percent.max(where=current(rows, "to")) / 100


@feature(
    source="shareholders",
    reads=("uscc", "from"),
    unit="count",
    topic="companies",
    raises=1,
    zh="近 24 个月新增持股数",
    en="shareholdings begun in the last 24 months",
)
def business_holdings_new_count_24m(rows: Any) -> Any:
    return rows.uscc.nunique(where=last(rows, 24))


@feature(
    source="withholding",
    reads=("kind", "income_yuan", "month"),
    unit="yuan",
    topic="business_income",
    raises=1,
    zh="近 12 个月经营所得",
    en="business income with tax withheld, last 12 months",
)
def business_income_yuan_12m(rows: Any) -> Any:
    return rows.income_yuan.sum(where=(rows.kind == "business") & last(rows, 12))


@feature(
    of=("business_active_count", "business_holdings_count"),
    unit="count",
    topic="companies",
    raises=1,
    zh="与市场主体的关联数",
    en="ties to businesses, as owner or shareholder",
)
def business_ties_count(household: Any) -> Any:
    return household.business_active_count + household.business_holdings_count
