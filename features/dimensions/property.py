"""What the household owns: accounts, vehicles, real estate, land."""

from typing import Any

from features.declaration import feature
from features.windows import last, months_since

BALANCE = ("kind", "balance_yuan", "as_of_on")
#: An institution that misses one quarter still counts with its last answer; older answers do not.
FRESH = 8


def _held(rows: Any) -> Any:
    return (rows.account_rank == 0) & (rows.months_ago < FRESH)


@feature(
    source="balances",
    reads=BALANCE,
    unit="yuan",
    topic="deposits",
    raises=1,
    zh="存款合计",
    en="deposits",
)
def property_deposits_yuan(rows: Any) -> Any:
    return rows.balance_yuan.sum(where=(rows.kind == "deposit") & _held(rows))


@feature(
    source="balances",
    reads=BALANCE,
    unit="yuan",
    topic="deposits",
    raises=1,
    zh="金融资产合计",
    en="financial assets",
)
def property_financial_yuan(rows: Any) -> Any:
    return rows.balance_yuan.sum(where=_held(rows))


@feature(
    source="balances",
    reads=BALANCE,
    unit="yuan",
    topic="investments",
    raises=1,
    zh="理财、基金、证券合计",
    en="wealth products, funds and securities",
)
def property_investments_yuan(rows: Any) -> Any:
    kinds = rows.kind.isin(["wealth_product", "fund", "security"])
    return rows.balance_yuan.sum(where=kinds & _held(rows))


@feature(
    source="balances",
    reads=BALANCE,
    unit="yuan",
    topic="investments",
    raises=1,
    zh="商业保险合计",
    en="commercial insurance",
)
def property_insurance_yuan(rows: Any) -> Any:
    return rows.balance_yuan.sum(where=(rows.kind == "insurance") & _held(rows))


@feature(
    source="balances",
    reads=("institution", "balance_yuan", "as_of_on"),
    unit="count",
    topic="deposits",
    raises=1,
    zh="有余额的金融机构数",
    en="institutions with a balance",
)
def property_institutions_count(rows: Any) -> Any:
    return rows.institution.nunique(where=_held(rows) & (rows.balance_yuan > 0))


@feature(
    source="balances",
    reads=BALANCE,
    unit="yuan",
    topic="deposits",
    raises=1,
    zh="近 24 个月单一账户最高余额",
    en="highest balance of one account, last 24 months",
)
def property_largest_balance_yuan_24m(rows: Any) -> Any:
    return rows.balance_yuan.max(where=last(rows, 24))


@feature(
    source="balances",
    reads=BALANCE,
    unit="yuan",
    topic="deposits",
    raises=1,
    zh="存款较上一期增加额",
    en="change of deposits since the balance before, accounts seen twice",
)
def property_deposits_change_yuan_quarter(rows: Any) -> Any:
    # Only accounts seen in both answers: an institution's silence must not look like money moving.
    return (rows.balance_yuan - rows.balance_before_yuan).sum(where=_seen_before(rows))


def _seen_before(rows: Any) -> Any:
    return _held(rows) & (rows.kind == "deposit") & rows.balance_before_yuan.notnull()


@feature(
    source="balances",
    reads=BALANCE,
    unit="yuan",
    topic="deposits",
    raises=-1,  # what was already there when the family was looked at before is no news
    zh="上一期存款",
    en="deposits in the answer before, accounts seen twice",
)
def property_deposits_before_yuan(rows: Any) -> Any:
    return rows.balance_before_yuan.sum(where=_seen_before(rows))


@feature(
    source="balances",
    reads=BALANCE,
    unit="yuan",
    topic="deposits",
    raises=1,
    zh="存款较三期之前增加额",
    en="growth of deposits over four answers, accounts seen in the first and the last",
)
def property_deposits_growth_yuan_9m(rows: Any) -> Any:
    seen = _held(rows) & (rows.kind == "deposit") & rows.balance_three_before_yuan.notnull()
    return (rows.balance_yuan - rows.balance_three_before_yuan).sum(where=seen)


@feature(
    source="balances",
    reads=BALANCE,
    unit="yuan",
    topic="deposits",
    raises=1,
    zh="近 12 个月存款各期增加额合计",
    en="sum of the rises of deposits over the last 12 months, accounts seen twice",
)
def property_deposits_inflow_yuan_12m(rows: Any) -> Any:
    # Rises only: what an illness takes from savings must not hide what was put aside, nor speak against it.
    rise = rows.balance_yuan - rows.balance_before_yuan
    known = (rows.kind == "deposit") & rows.balance_before_yuan.notnull()
    return rise.sum(where=known & (rise > 0) & last(rows, 12))


@feature(
    source="balances",
    reads=BALANCE,
    unit="yuan",
    topic="deposits",
    raises=-1,  # money that lies untouched is no income being put aside, and may be a namesake's
    zh="余额未变动的存款",
    en="deposits in accounts whose balance has not changed since the answer before",
)
def property_deposits_untouched_yuan(rows: Any) -> Any:
    return rows.balance_yuan.sum(where=_seen_before(rows) & (rows.balance_yuan == rows.balance_before_yuan))


@feature(
    of=("property_largest_balance_yuan_24m", "property_deposits_yuan"),
    unit="yuan",
    topic="deposits",
    raises=-1,  # who lives on savings has not been putting a hidden income aside
    zh="存款较近 24 个月最高余额减少额",
    en="deposits drawn down from the highest balance of the last 24 months",
)
def property_deposits_drawn_yuan_24m(household: Any) -> Any:
    drawn = household.property_largest_balance_yuan_24m - household.property_deposits_yuan
    # A product, so that what is unknown stays unknown: nought would speak against the family.
    return drawn * (drawn > 0).cast("int64")


def _months_of_standard(household: Any, yuan: Any) -> Any:
    return yuan / household.composition_persons_count.nullif(0) / household.standard_yuan


@feature(
    of=("property_deposits_change_yuan_quarter", "composition_persons_count"),
    unit="months",
    topic="deposits",
    raises=1,
    zh="人均存款增加额相当于几个月低保标准",
    en="change of deposits a person, in months of the local standard",
)
def property_deposits_change_months_standard(household: Any) -> Any:
    return _months_of_standard(household, household.property_deposits_change_yuan_quarter)


@feature(
    of=("property_deposits_growth_yuan_9m", "composition_persons_count"),
    unit="months",
    topic="deposits",
    raises=1,
    zh="人均存款四期增长相当于几个月低保标准",
    en="growth of deposits a person over four answers, in months of the local standard",
)
def property_deposits_growth_months_standard_9m(household: Any) -> Any:
    return _months_of_standard(household, household.property_deposits_growth_yuan_9m)


@feature(
    of=("property_deposits_before_yuan", "composition_persons_count"),
    unit="months",
    topic="deposits",
    raises=-1,
    zh="上一期人均存款相当于几个月低保标准",
    en="deposits a person in the answer before, in months of the local standard",
)
def property_deposits_before_months_standard(household: Any) -> Any:
    return _months_of_standard(household, household.property_deposits_before_yuan)


@feature(
    of=("property_deposits_inflow_yuan_12m", "composition_persons_count"),
    unit="months",
    topic="deposits",
    raises=1,
    zh="人均存款各期增加额合计相当于几个月低保标准",
    en="rises of deposits a person over 12 months, in months of the local standard",
)
def property_deposits_inflow_months_standard_12m(household: Any) -> Any:
    return _months_of_standard(household, household.property_deposits_inflow_yuan_12m)


@feature(
    of=("property_deposits_yuan", "property_deposits_untouched_yuan", "composition_persons_count"),
    unit="months",
    topic="deposits",
    raises=1,
    zh="有变动的人均存款相当于几个月低保标准",
    en="deposits a person in accounts that move, in months of the local standard",
)
def property_deposits_moving_months_standard(household: Any) -> Any:
    moving = household.property_deposits_yuan - household.property_deposits_untouched_yuan
    return _months_of_standard(household, moving)


@feature(
    of=("property_financial_yuan", "composition_persons_count"),
    unit="yuan",
    topic="deposits",
    raises=1,
    zh="人均金融资产",
    en="financial assets a person",
)
def property_financial_per_capita_yuan(household: Any) -> Any:
    return household.property_financial_yuan / household.composition_persons_count.nullif(0)


@feature(
    of=("property_financial_per_capita_yuan",),
    unit="months",
    topic="deposits",
    raises=1,
    zh="人均金融资产相当于几个月低保标准",
    en="financial assets a person, in months of the local standard",
)
def property_financial_months_standard(household: Any) -> Any:
    return household.property_financial_per_capita_yuan / household.standard_yuan


@feature(
    source="household_register",
    reads=("declared_deposit_yuan",),
    unit="yuan",
    topic="declared",
    declared=True,
    empty=None,
    zh="申报存款",
    en="declared deposits",
)
def property_declared_deposit_yuan(rows: Any) -> Any:
    return rows.declared_deposit_yuan.max()


@feature(
    of=("property_deposits_yuan", "property_declared_deposit_yuan"),
    unit="yuan",
    topic="declared",
    raises=1,
    empty=None,
    zh="可见存款减申报存款",
    en="deposits seen minus declared",
)
def property_deposits_minus_declared_yuan(household: Any) -> Any:
    return household.property_deposits_yuan - household.property_declared_deposit_yuan


OWNED = ("registered_on", "transferred_on")


def _owned(rows: Any) -> Any:
    return rows.transferred_on.isnull() | (rows.transferred_on > rows.as_of)


@feature(
    source="vehicles",
    reads=("kind", *OWNED),
    unit="count",
    topic="vehicles",
    raises=1,
    zh="名下汽车、货车数",
    en="cars and trucks owned",
)
def property_vehicles_count(rows: Any) -> Any:
    return rows.count(where=_owned(rows) & ~rows.kind.isin(["motorcycle", "tricycle"]).fill_null(False))


@feature(
    source="vehicles",
    reads=("kind", *OWNED),
    unit="count",
    topic="vehicles",
    raises=1,
    zh="名下摩托车、三轮车数",
    en="motorcycles and tricycles owned",
)
def property_light_vehicles_count(rows: Any) -> Any:
    return rows.count(where=_owned(rows) & rows.kind.isin(["motorcycle", "tricycle"]))


@feature(
    source="vehicles",
    reads=("listed_price_yuan", *OWNED),
    unit="yuan",
    topic="vehicles",
    raises=1,
    zh="名下车辆指导价合计",
    en="listed price of vehicles owned",
)
def property_vehicles_listed_yuan(rows: Any) -> Any:
    return rows.listed_price_yuan.sum(where=_owned(rows))


@feature(
    source="vehicles",
    reads=("listed_price_yuan", *OWNED),
    unit="yuan",
    topic="vehicles",
    raises=1,
    zh="名下最贵车辆指导价",
    en="listed price of the dearest vehicle owned",
)
def property_vehicle_dearest_yuan(rows: Any) -> Any:
    return rows.listed_price_yuan.max(where=_owned(rows))


@feature(
    source="vehicles",
    reads=OWNED,
    unit="years",
    topic="vehicles",
    empty=None,
    raises=-1,
    zh="最新车辆登记年数",
    en="years since the newest vehicle was registered",
)
def property_vehicle_newest_years(rows: Any) -> Any:
    # Spark divides by 365.25 in six decimals, unless the days are a double first.
    return rows.days_ago.min(where=_owned(rows)).cast("float64") / 365.25


@feature(
    source="vehicles",
    reads=OWNED,
    unit="count",
    topic="vehicles",
    raises=1,
    zh="近 24 个月新登记车辆数",
    en="vehicles registered in the last 24 months",
)
def property_vehicles_bought_count_24m(rows: Any) -> Any:
    return rows.count(where=last(rows, 24))


@feature(
    source="vehicles",
    reads=OWNED,
    unit="count",
    topic="vehicles",
    raises=1,
    zh="近 24 个月转出车辆数",
    en="vehicles transferred in the last 24 months",
)
def property_vehicles_sold_count_24m(rows: Any) -> Any:
    return rows.count(where=months_since(rows, "transferred_on") < 24)


ESTATE = ("use", "registered_on", "cancelled_on")


def _registered(rows: Any) -> Any:
    return rows.cancelled_on.isnull() | (rows.cancelled_on > rows.as_of)


@feature(
    source="real_estate",
    reads=("unit_no", *ESTATE),
    unit="count",
    topic="dwellings",
    raises=1,
    zh="住宅套数",
    en="dwellings owned",
)
def property_dwellings_count(rows: Any) -> Any:
    return rows.unit_no.nunique(where=_registered(rows) & (rows.use == "dwelling"))


@feature(
    source="real_estate",
    reads=("area_m2", "share_percent", *ESTATE),
    unit="m2",
    topic="dwellings",
    raises=1,
    zh="住宅面积（按份额）",
    en="area of dwellings, by share",
)
def property_dwellings_m2(rows: Any) -> Any:
    return rows.own_area_m2.sum(where=_registered(rows) & (rows.use == "dwelling"))


@feature(
    source="real_estate",
    reads=("assessed_yuan", "share_percent", *ESTATE),
    unit="yuan",
    topic="dwellings",
    raises=1,
    zh="住宅、商铺评估价（按份额）",
    en="assessed value of dwellings and shops, by share",
)
def property_real_estate_yuan(rows: Any) -> Any:
    return rows.own_assessed_yuan.sum(where=_registered(rows) & (rows.use != "homestead"))


@feature(
    source="real_estate",
    reads=("unit_no", *ESTATE),
    unit="count",
    topic="dwellings",
    raises=1,
    zh="商铺数",
    en="shops owned",
)
def property_shops_count(rows: Any) -> Any:
    return rows.unit_no.nunique(where=_registered(rows) & (rows.use == "shop"))


@feature(
    source="real_estate",
    reads=("unit_no", *ESTATE),
    unit="count",
    topic="dwellings",
    raises=1,
    zh="宅基地数",
    en="homesteads held",
)
def property_homesteads_count(rows: Any) -> Any:
    return rows.unit_no.nunique(where=_registered(rows) & (rows.use == "homestead"))


@feature(
    source="real_estate",
    reads=("unit_no", *ESTATE),
    unit="count",
    topic="dwellings",
    raises=1,
    zh="近 24 个月新登记住宅、商铺数",
    en="dwellings and shops registered in the last 24 months",
)
def property_real_estate_bought_count_24m(rows: Any) -> Any:
    return rows.unit_no.nunique(where=last(rows, 24) & (rows.use != "homestead"))


@feature(
    source="real_estate",
    reads=("unit_no", *ESTATE),
    unit="count",
    topic="dwellings",
    raises=1,
    zh="近 24 个月注销（转让）房产数",
    en="real estate given up in the last 24 months",
)
def property_real_estate_sold_count_24m(rows: Any) -> Any:
    return rows.unit_no.nunique(where=months_since(rows, "cancelled_on") < 24)


@feature(
    of=("property_dwellings_m2", "composition_persons_count"),
    unit="m2",
    topic="dwellings",
    raises=1,
    zh="人均住宅面积",
    en="area of dwellings a person",
)
def property_dwellings_per_capita_m2(household: Any) -> Any:
    return household.property_dwellings_m2 / household.composition_persons_count.nullif(0)


@feature(
    source="land_subsidies",
    reads=("area_mu", "year"),
    unit="mu",
    topic="land",
    raises=1,
    zh="最近年度补贴耕地面积",
    en="subsidised land of the latest year",
)
def property_land_mu(rows: Any) -> Any:
    return rows.area_exact_mu.sum(where=rows.latest_year)


@feature(
    source="grid_reports",
    reads=("kind", "reported_on"),
    kinds=("property_seen",),
    unit="count",
    topic="grid_observation",
    raises=1,
    zh="近 12 个月网格发现财产次数",
    en="reports of property seen, last 12 months",
)
def property_seen_count_12m(rows: Any) -> Any:
    return rows.count(where=(rows.kind == "property_seen") & last(rows, 12))
