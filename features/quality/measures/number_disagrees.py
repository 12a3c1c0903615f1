"""Birth date and sex of the resident register against the person's own number."""

import ibis

from features.identity.id_number import birth_date_expression
from features.known import first_of
from features.quality.core import Group, Timing, counted, measure, units
from features.quality.ground import Ground


@measure(
    group=Group.IDENTITY,
    timing=Timing.STATE,
    name=("出生日期、性别与号码不符", "birth date or sex against the number"),
    means=("户籍登记的出生日期或性别与身份证号所含的不同", "the register and the number itself disagree"),
    fault=("不符的人", "persons of whom they disagree"),
    among=("户籍人口", "persons in the resident register"),
    mender=("公安", "public security"),
    why=("年龄决定赡养、劳动能力和养老金，错了结论就错", "age decides duties, ability to work and pension"),
    remedy=("按原始户口册更正", "correct from the original register"),
    reads=("residents",),
)
def number_disagrees(ground: Ground) -> ibis.Table:
    """Persons in the latest register."""
    rows = first_of(ground.known("residents"), "person_id")
    told = rows.filter(rows.id_no.length() == 18).mutate(
        stated_=lambda t: birth_date_expression(t.id_no.substr(0, 17)),
        odd_=lambda t: t.id_no.substr(16, 1).try_cast("int64") % 2 == 1,
    )
    born = (told.stated_ != told.born_on).fill_null(False)
    sex = ((told.sex == "male") != told.odd_).fill_null(False)
    placed = ground.placed("residents", told.mutate(hit_=born | sex))
    found = units(
        placed,
        department="public_security",
        hit=placed.hit_,
        street=placed.street_code,
        household=placed.number,
    )
    return counted(found)
