"""The one missing item that would settle most: what to ask for first where the answer is unknown.

Each outstanding item is worth what it could move: an item of income the part of the room below the line that
it may fill, an item of property all of it, because property over a limit ends the entitlement whatever the
income. An item after which nothing else is open is worth the room once more. Where two are worth the same, a
message between departments comes before a paper that the family has to bring.
"""

from typing import Any

import ibis

from features.rules.states import answered

#: What `missing_item` can name (zh, en).
MISSING_ITEMS: dict[str, tuple[str, str]] = {
    "parameters": ("本区县的政策参数", "the locality's parameters"),
    "authorisation": ("家庭经济状况核对授权书", "the family's authorisation to check records"),
    "declared_income": ("家庭收入申报", "the family's declaration of income"),
    "wage_proof": (
        "工资证明（按缴费基数下限参保，或工资记录已中断）",
        "proof of wages: contributions are on the lowest base, or wages on record have stopped",
    ),
    "business_check": ("名下企业是否实际经营", "whether the company in a member's name trades"),
    "withholding": ("税务部门个税扣缴信息", "tax withholding from the tax authority"),
    "pensions": ("人社部门养老金信息", "pensions from human resources"),
    "balances": ("金融机构资产信息", "balances from financial institutions"),
    "real_estate": ("不动产登记信息", "real estate from natural resources"),
    "vehicles": ("机动车登记信息", "vehicles from public security"),
    "entities": ("市场主体登记信息", "market entities from market regulation"),
}

#: Property sources; of two that are silent the first is asked for first.
PROPERTY_SOURCES = ("balances", "real_estate", "vehicles", "entities")


def missing_item(facts: ibis.Table, company_over: Any) -> Any:
    """Name of the item, for a household whose answer is unknown; it says nothing of others."""
    room = facts.persons * facts.line_fen - facts.income_low_year_fen
    flags = _outstanding(facts, company_over)
    others = sum((flag.cast("int64") for flag in flags.values()), ibis.literal(0, "int64"))
    doubt = facts.declared_doubt_year_fen
    widths = {
        "withholding": facts.wage_bound_year_fen,
        "pensions": facts.pension_bound_year_fen,
        "wage_proof": facts.wages_open_year_fen,
    }
    worth = {name: _worth_of_income(facts, width, room, alone=others == 0) for name, width in widths.items()}
    for name, flag in flags.items():
        left = doubt if name == "declared_income" else 0
        settles = (others == 1) & _under_without(facts, left)
        worth[name] = flag.ifelse(room + settles.ifelse(room, 0), 0)
    order = ("withholding", "pensions", *flags, "wage_proof")
    # Worth and place in one number: each worth is written once, and the first of equals is the greatest.
    most = ibis.greatest(*[worth[name] * len(order) - place for place, name in enumerate(order)])
    # A sum may be wider than a place in a list can be, and Ibis sees no need to narrow all of it.
    first = (len(order) - (most % len(order)).cast("int16")) % len(order)
    return ibis.cases(
        (facts.line_fen.isnull(), "parameters"),
        (~facts.authorised.fill_null(False), "authorisation"),
        else_=ibis.array([ibis.literal(name) for name in order])[first],
    )


def _outstanding(facts: ibis.Table, company_over: Any) -> dict[str, Any]:
    """Items each of which leaves the answer open whatever the income, in the order of asking."""
    silent = {source: ~answered(facts, source) for source in PROPERTY_SOURCES}
    return {
        **silent,
        "declared_income": facts.declared_year_fen.isnull(),
        "business_check": company_over,
    }


def _under_without(facts: ibis.Table, width: Any) -> Any:
    """Whether income is surely below the line once so much of it is known not to be."""
    return (facts.income_high_year_fen - width < facts.persons * facts.line_fen).fill_null(False)


def _worth_of_income(facts: ibis.Table, width: Any, room: Any, alone: Any) -> Any:
    """An item of income is worth nothing where the line does not lie between the bounds."""
    settles = alone & _under_without(facts, width)
    worth = ibis.least(width, room) + settles.ifelse(room, 0)
    return facts.under_line.ifelse(0, worth).fill_null(0)
