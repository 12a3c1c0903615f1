"""Households that cannot be reached for any of the reasons we can see."""

from functools import reduce

import ibis

from features.quality.core import REGISTRY, Group, Timing, measure
from features.quality.ground import Ground

#: The measures of which one is enough.
SIGNS = ("contact_missing", "contact_invalid", "contact_shared", "contact_unreachable")


@measure(
    group=Group.CONTACT,
    timing=Timing.STATE,
    name=("联系方式失效", "stale contacts"),
    means=(
        "没有电话、电话无效、多户同一电话或最后一次走访联系不上，有其一即计入。"
        "这是下限：号码已换人的看不出来，要打过才知道",
        "no number, one that cannot be dialled, one on many files, or not reached at the last visit."
        " A lower bound: a number that now belongs to somebody else is only known by calling it",
    ),
    fault=("联系方式失效的户", "households with stale contacts"),
    among=("在册家庭", "households on file"),
    mender=("民政（街道）", "civil affairs (streets)"),
    why=("该告知的告知不到，该核实的核实不了", "whom we owe a word we cannot tell, and cannot ask"),
    remedy=(
        "按户核对电话和地址，走访和来电时随时更新",
        "check number and address of each; update at every contact",
    ),
    reads=("household_register", "verifications"),
    headline=True,
)
def stale_contacts(ground: Ground) -> ibis.Table:
    """Households on file, each once."""
    signs: ibis.Table = reduce(ibis.union, [REGISTRY[code].count(ground) for code in SIGNS])
    by_home = signs.group_by(["department", "street_code", "household", "month"])
    return by_home.aggregate(hits=signs.hits.max()).mutate(of=ibis.literal(1, "int64"))
