"""Households whose last visit ended with nobody found."""

import ibis

from features.plan import day
from features.quality.core import Group, Timing, measure, units
from features.quality.ground import Ground


@measure(
    group=Group.CONTACT,
    timing=Timing.STATE,
    name=("走访联系不上", "not reached at the last visit"),
    means=("近几个月最后一次核查结论为“无法联系”", "the last verification of the window ended `unreachable`"),
    fault=("最后一次核查联系不上的户", "households not reached at the last verification"),
    among=("近几个月核查过的在册家庭", "households on file verified in the window"),
    mender=("民政（街道）", "civil affairs (streets)"),
    why=("白跑一趟，情况变化也无从知道", "a visit is lost, and what changed stays unknown"),
    remedy=("通过网格员、亲属核实现住址和电话", "ask the grid worker or relatives for address and number"),
    reads=("verifications",),
    ranked=False,
)
def contact_unreachable(ground: Ground) -> ibis.Table:
    """Households on file with a verification selected in the window."""
    rows = ground.known("verifications")
    rows = rows.filter(rows.selected_on >= day("since"))
    last = rows.group_by(number="household_no").aggregate(finding=rows.finding.argmax(rows.selected_on))
    homes = ground.homes.inner_join(last, "number")
    return units(
        homes,
        department="civil_affairs",
        hit=homes.finding == "unreachable",
        street=homes.street_code,
        household=homes.number,
    )
