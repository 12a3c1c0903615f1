"""One telephone number on many files."""

import ibis

from features.quality.core import Group, Timing, measure, units
from features.quality.ground import Ground
from features.quality.phones import SHARED_BY, comparable


@measure(
    group=Group.CONTACT,
    timing=Timing.STATE,
    name=("多户同一电话", "one number on many files"),
    means=(f"同一个号码登记在 {SHARED_BY} 户以上", f"a number stands on {SHARED_BY} or more files"),
    fault=("与多户共用电话的户", "households that share their number with many"),
    among=("登记了电话的在册家庭", "households on file with a number"),
    mender=("民政（街道）", "civil affairs (streets)"),
    why=("多为社区或代办人的号码，找不到本人", "it is an office's or an agent's: the family is not reached"),
    remedy=("改登本人或同住家人的号码", "enter the family's own number"),
    reads=("household_register",),
    ranked=False,
)
def contact_shared(ground: Ground) -> ibis.Table:
    """Households on file with a number."""
    homes = ground.homes.mutate(phone_=comparable(ground.homes.phone))
    homes = homes.filter(homes.phone_.notnull())
    homes = homes.mutate(files_=homes.count().over(group_by="phone_"))
    return units(
        homes,
        department="civil_affairs",
        hit=homes.files_ >= SHARED_BY,
        street=homes.street_code,
        household=homes.number,
    )
