"""Cases planted on purpose, each with a look-alike: records of the same kind, and another truth.

Declared once, here. `synthetic_data.casting` draws who plays them; the truth and the departments' rows follow
from `truth` and `record` by the mechanisms that everybody else lives by. What a department writes depends on
`record` alone, so nothing that is delivered tells a case from its look-alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

import numpy as np

from synthetic_data.clock import Clock
from synthetic_data.economy import BUSINESS, FORMAL, NONE, Economy
from synthetic_data.population import (
    CHILD,
    HEAD,
    OLD_ALONE,
    SINGLE_PARENT,
    SPOUSE,
    THREE_GENERATIONS,
    WITH_MINORS,
    Population,
)


class Record(Enum):
    """What departments come to hold about the person."""

    ENTITY = auto()  # a business or company in the person's name
    WAGES = auto()  # withholding, contributions or housing fund of an employer
    SMALL_WAGES = auto()  # the same, small, most of it in summer
    FAR_WAGES = auto()  # wages, and a residence registered outside the district some months later
    PENSION = auto()
    DEPOSIT = auto()
    CAR = auto()
    HOME = auto()  # a second flat, or a tenancy of public rental with somebody more in it
    ALONE = auto()  # an old person alone without an employee's pension, on no file


class Truth(Enum):
    """What is so, whatever the records say."""

    NOTHING = auto()  # the record is not about this family's living
    JOB = auto()
    BUSINESS = auto()
    PENSION = auto()
    SAVINGS = auto()
    CAR = auto()
    RENT = auto()
    LEFT = auto()  # lives and works elsewhere, sends nothing
    SUPPORTED = auto()  # relatives elsewhere send more than the standard
    IN_NEED = auto()  # nobody sends anything


@dataclass(frozen=True)
class Lives:
    """What casting may look at: people and their months as lived without any planted case."""

    people: Population
    truth: Economy
    clock: Clock
    age: np.ndarray  # on the first delivered day

    @cached_property
    def employed(self) -> np.ndarray:
        """Persons who had an employer in some month."""
        return (self.truth.job == FORMAL).any(axis=1)

    @cached_property
    def traded(self) -> np.ndarray:
        """Persons who had a business in some month."""
        return (self.truth.job == BUSINESS).any(axis=1)

    @cached_property
    def idle(self) -> np.ndarray:
        """Persons who never worked."""
        return ~(self.truth.job != NONE).any(axis=1)

    @cached_property
    def able(self) -> np.ndarray:
        """Persons able to work in every month."""
        return np.asarray(self.truth.able.all(axis=1))


@dataclass(frozen=True)
class Scenario:
    """One planted case. `share`: of a block's families, and at least one, on file.

    `innocent`: the family conceals nothing and is not paid wrongly because of it.
    """

    name: str
    zh: str
    en: str
    happens: tuple[str, str]  # one sentence, Chinese and English
    innocent: bool
    look_alike: str
    share: float
    who: Callable[[Lives], np.ndarray]  # mask of persons to whom it can happen
    record: Record
    truth: Truth = Truth.NOTHING


def _adult(lives: Lives) -> np.ndarray:
    return (lives.age > 20) & (lives.age < 85)


def _no_trader(lives: Lives) -> np.ndarray:
    return _adult(lives) & ~lives.traded


def _no_employee(lives: Lives) -> np.ndarray:
    return (lives.age > 20) & (lives.age < 58) & ~lives.employed


def _could_work(lives: Lives) -> np.ndarray:
    return _no_employee(lives) & lives.able


def _could_trade(lives: Lives) -> np.ndarray:
    return _no_trader(lives) & _could_work(lives)


def _student(lives: Lives) -> np.ndarray:
    return (lives.age > 16) & (lives.truth.school_leaving >= lives.clock.first + 6)


def _grown_child(lives: Lives) -> np.ndarray:
    return (lives.people.role == CHILD) & _could_work(lives)


def _father(lives: Lives) -> np.ndarray:
    people = lives.people
    parent = np.isin(people.role, (HEAD, SPOUSE)) & ~people.female
    kinds = (WITH_MINORS, THREE_GENERATIONS, SINGLE_PARENT)
    return parent & np.isin(people.household_kind, kinds)[people.home] & _could_work(lives)


def _near_pension(lives: Lives) -> np.ndarray:
    old = lives.age - 2 >= np.where(lives.people.female, 53, 60)
    return old & (lives.age < 72) & ~lives.people.employee_pension & lives.idle


def _head(lives: Lives) -> np.ndarray:
    return (lives.people.role == HEAD) & _adult(lives)


def _old_alone(lives: Lives) -> np.ndarray:
    people = lives.people
    alone = (people.role == HEAD) & (people.household_kind == OLD_ALONE)[people.home]
    return alone & ~people.employee_pension & lives.idle


#: Small enough that the district's prevalences stay where they were.
RARE = 1 / 7_500

SCENARIOS = (
    Scenario(
        "own_company", "自办企业未申报", "a company of one's own, undeclared",
        (
            "家庭成员开办企业或个体户并以此为生，未向街道申报。",
            "A member opens a business, lives by it, and tells nobody.",
        ),
        False, "company_on_lent_id", RARE, _could_trade, Record.ENTITY, Truth.BUSINESS,
    ),
    Scenario(
        "company_on_lent_id", "身份证借人办企业", "a company opened on a lent ID",
        (
            "他人借用其身份证登记企业，姓名号码都是真的，家里没有一分钱收入。",
            "Somebody opened a company on a lent ID, name and all; the family has no income from it.",
        ),
        True, "own_company", 0.04, _no_trader, Record.ENTITY,
    ),
    Scenario(
        "undeclared_job", "就业未申报", "a job nobody was told of",
        (
            "成员有了单位工资，家庭没有申报。",
            "A member earns wages from an employer; the family does not say so.",
        ),
        False, "wages_on_lent_id", RARE, _could_work, Record.WAGES, Truth.JOB,
    ),
    Scenario(
        "wages_on_lent_id", "身份证借人领工资或参保", "wages or insurance on a lent ID",
        (
            "他人以其身份证领工资或挂靠参保，本人并未上班。",
            "Others are paid or insured on the person's ID; the person does not work there.",
        ),
        True, "undeclared_job", 0.07, _no_employee, Record.WAGES,
    ),
    Scenario(
        "adult_child_wages", "成年子女工资未申报", "an adult child's wages, undeclared",
        (
            "共同生活的成年子女上班领工资，家庭没有申报。",
            "A grown child who lives with the family earns wages that are not declared.",
        ),
        False, "student_part_time_job", RARE, _grown_child, Record.WAGES, Truth.JOB,
    ),
    Scenario(
        "student_part_time_job", "学生假期打工", "a student's part-time job",
        (
            "全日制学生假期或课余打工，数额很小。",
            "A full-time student works in the holidays and now and then, for little.",
        ),
        True, "adult_child_wages", 0.035, _student, Record.SMALL_WAGES,
    ),
    Scenario(
        "pension_starts", "开始领养老金未报告", "a pension that starts, unreported",
        (
            "成员开始领取职工养老金，家庭没有报告变化。",
            "A member begins to draw an employee's pension; the change is not reported.",
        ),
        False, "pension_of_another", RARE, _near_pension, Record.PENSION, Truth.PENSION,
    ),
    Scenario(
        "pension_of_another", "他人养老金挂在名下", "another's pension under one's number",
        (
            "亡故或分居亲属的养老金记在其号码下，本人没有领到。",
            "The pension of a dead or separated relative is booked under the number; the person draws none.",
        ),
        True, "pension_starts", 0.003, _near_pension, Record.PENSION,
    ),
    Scenario(
        "hidden_deposit", "存款未申报", "savings of one's own, undeclared",
        (
            "家庭有超过限额的存款，没有申报。",
            "The family holds savings over the limit and does not say so.",
        ),
        False, "strangers_deposit", RARE, _adult, Record.DEPOSIT, Truth.SAVINGS,
    ),
    Scenario(
        "strangers_deposit", "代他人保管的存款", "money kept for others",
        (
            "账户里是亲属的补偿款或村社、协会的钱，由其代管。",
            "The account holds a relative's compensation or an association's money, kept for them.",
        ),
        True, "hidden_deposit", 0.06, _adult, Record.DEPOSIT,
    ),
    Scenario(
        "father_sends_wages", "父亲在外打工养家未申报", "a father who works elsewhere and supports them",
        (
            "父亲长期共同生活，在外地上班养家，工资没有申报。",
            "The father belongs to the household, works in another city and supports it, undeclared.",
        ),
        False, "father_works_elsewhere", RARE, _father, Record.FAR_WAGES, Truth.JOB,
    ),
    Scenario(
        "father_works_elsewhere", "父亲在外不再供养", "a father elsewhere who sends nothing",
        (
            "父亲已分居外地，不再共同生活也不供养，工资仍记在这一户下。",
            "The father has left and sends nothing; his wages still stand under the household.",
        ),
        True, "father_sends_wages", 0.0015, _father, Record.FAR_WAGES, Truth.LEFT,
    ),
    Scenario(
        "sublet", "转租住房未申报", "a flat or room let, undeclared",
        (
            "出租名下第二套住房，或转租公租房的一间，租金没有申报。",
            "The family lets its second flat, or a room of its public rental, and does not declare the rent.",
        ),
        False, "relative_lodges", RARE, _head, Record.HOME, Truth.RENT,
    ),
    Scenario(
        "relative_lodges", "亲属借住不付租金", "a relative who lodges for nothing",
        (
            "名下的另一套房是亲属的，或公租房里借住着亲属，都没有租金。",
            "The second flat is a relative's, or a relative lodges in the public rental; nobody pays.",
        ),
        True, "sublet", 0.015, _head, Record.HOME,
    ),
    Scenario(
        "own_car", "车辆未申报", "a car of one's own, undeclared",
        (
            "家庭购有超过限额的汽车，没有申报。",
            "The family owns a car over the limit and does not say so.",
        ),
        False, "lent_car", RARE, _adult, Record.CAR, Truth.CAR,
    ),
    Scenario(
        "lent_car", "名下是亲友的车", "a car lent one's name",
        (
            "亲友的车登记在其名下，或已卖出未过户，家里没有车。",
            "A relative's car stands in the person's name, or one sold and never transferred.",
        ),
        True, "own_car", 0.045, _adult, Record.CAR,
    ),
    Scenario(
        "old_alone_unapplied", "独居老人从未申请", "an old person alone who never applied",
        (
            "独居老人没有收入也无人供养，符合条件，不知道可以申请。",
            "An old person alone without income or support is eligible, and knows of no benefit.",
        ),
        True, "old_alone_supported", 0.001, _old_alone, Record.ALONE, Truth.IN_NEED,
    ),
    Scenario(
        "old_alone_supported", "独居老人有子女供养", "an old person alone whom children support",
        (
            "独居老人没有收入记录，子女每月给现金，超过标准，不符合条件。",
            "No record shows any income, but children give more than the standard in cash: not eligible.",
        ),
        True, "old_alone_unapplied", 0.001, _old_alone, Record.ALONE, Truth.SUPPORTED,
    ),
)  # fmt: skip
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
