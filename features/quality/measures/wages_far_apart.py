"""One month's wages as taxation and social insurance tell them."""

import ibis

from features.quality.core import Group, Timing, counted, measure, units
from features.quality.ground import Ground

#: The greater is at least so many times the lesser: pay and a base that leaves allowances out differ by less.
TIMES = 2
MONTHS = 6


@measure(
    group=Group.CONFLICT,
    timing=Timing.STATE,
    name=("两部门工资相差一倍", "wages of two departments far apart"),
    means=(
        "同一人同一月，个税工资与社保缴费基数相差一倍以上"
        "（仅限已授权家庭，近 6 个月；按缴费基数下限缴的不算）",
        "one person's month: withheld wages and contribution base differ by a factor of two"
        " (authorised households, six months; bases at the local floor are left out)",
    ),
    fault=("相差一倍以上的“人×月”", "persons times months that differ"),
    among=("两边都有工资的“人×月”", "persons times months with wages in both"),
    mender=("人社会同税务", "human resources with taxation"),
    why=("收入按哪一边算，资格可能不同", "eligibility may turn on which is believed"),
    remedy=(
        "向单位核实工资，基数低报的由人社补正",
        "ask the employer; a base too low is human resources' to correct",
    ),
    reads=("withholding", "contributions"),
    headline=True,
)
def wages_far_apart(ground: Ground) -> ibis.Table:
    """Months of members of authorised households for which both departments know wages."""
    floors = ground.homes.select("number", floor="contribution_base_floor_yuan")
    asked = ground.members.filter(ground.members.authorised).inner_join(floors, "number")
    asked = asked.group_by("person_id").aggregate(
        number=asked.number.min(), street_code=asked.street_code.argmin(asked.number), floor=asked.floor.max()
    )
    paid, insured = ground.recent("withholding", MONTHS), ground.recent("contributions", MONTHS)
    paid = paid.filter(paid.kind == "wages")
    # What people pay for themselves is no wage.
    insured = insured.filter(insured.employer_uscc.notnull() | insured.employer_name.notnull())
    pay = paid.group_by(["person_id", "month"]).aggregate(pay=paid.income_yuan.sum())
    base = insured.group_by(["person_id", "month"]).aggregate(base=insured.base_yuan.sum())
    both = pay.inner_join(base, ["person_id", "month"]).filter(lambda t: (t.pay > 0) & (t.base > 0))
    both = both.inner_join(asked, "person_id")
    # At the local floor, a base says that there is a job and not what it pays.
    both = both.filter((both.base > both.floor).fill_null(True))
    apart = ibis.greatest(both.pay, both.base) >= ibis.least(both.pay, both.base) * TIMES
    found = units(
        both,
        department="human_resources",
        hit=apart,
        street=both.street_code,
        household=both.number,
    )
    return counted(found)
