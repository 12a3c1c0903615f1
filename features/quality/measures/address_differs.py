"""The address on file against the resident register's."""

import ibis

from features.quality import addresses
from features.quality.core import Group, Timing, measure, units
from features.quality.ground import Ground


@measure(
    group=Group.CONTACT,
    timing=Timing.STATE,
    name=("住址不一致", "address against the resident register"),
    means=(
        "民政登记住址与户主在户籍系统的居住地址不是同一处（写法不同不算）",
        "the file's address and the head's residence in the register are two homes; spelling is not counted",
    ),
    fault=("住址不一致的户", "households with two addresses"),
    among=("两边都有地址的在册家庭", "households on file with both"),
    mender=("民政（街道）会同公安", "civil affairs (streets) with public security"),
    why=(
        "走访跑空，按地址核对的用水用电也对不上",
        "visits find an empty door, and meters are another home's",
    ),
    remedy=(
        "走访时核实现住址，搬迁的到派出所更新",
        "confirm the home at the visit; register a move with the police",
    ),
    reads=("household_register", "residents"),
    headline=True,
)
def address_differs(ground: Ground) -> ibis.Table:
    """Households whose head the register knows."""
    heads = ground.registered.select(head_person_id="person_id", lives="residence_address")
    homes = ground.homes.inner_join(heads, "head_person_id")
    homes = homes.mutate(filed_=addresses.comparable(homes.address), lives_=addresses.comparable(homes.lives))
    return units(
        homes,
        department="civil_affairs",
        hit=addresses.differ(homes.filed_, homes.lives_),
        street=homes.street_code,
        household=homes.number,
    )
