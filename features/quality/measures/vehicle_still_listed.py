"""A vehicle that stands in two owners' names."""

import ibis

from features.quality.core import Group, Timing, counted, measure, units
from features.quality.ground import Ground

#: What tells that two rows speak of one vehicle; the plate is masked, so it needs the rest.
VEHICLE = ("plate_masked", "kind", "model", "listed_price_yuan")


@measure(
    group=Group.CONFLICT,
    timing=Timing.STATE,
    name=("车辆已过户仍在原主名下", "a vehicle transferred and still listed"),
    means=(
        "同号牌、同车型、同价格的车已登记到他人名下，原车主的记录没有转出日期",
        "plate, model and price stand under a later owner, and the earlier row has no date of transfer",
    ),
    fault=("未登记转出的车辆", "vehicles without their transfer"),
    among=("未转出的车辆", "vehicles not transferred"),
    mender=("公安（车管）", "public security (vehicles)"),
    why=("卖掉的车仍算家庭财产，可能误停待遇", "a car that was sold counts as property"),
    remedy=("补送转出日期", "send the date of transfer"),
    reads=("vehicles",),
)
def vehicle_still_listed(ground: Ground) -> ibis.Table:
    """Vehicles without a transfer."""
    rows = ground.known("vehicles")
    listed = rows.filter(rows.transferred_on.isnull() | (rows.transferred_on > ground.sight.as_of))
    listed = listed.select("registered_on", *VEHICLE, person_id="owner_person_id")
    newest = listed.mutate(newest_=listed.registered_on.max().over(group_by=list(VEHICLE)))
    placed = ground.placed("vehicles", newest)
    found = units(
        placed,
        department="public_security",
        hit=placed.newest_ > placed.registered_on,
        street=placed.street_code,
        household=placed.number,
    )
    return counted(found)
