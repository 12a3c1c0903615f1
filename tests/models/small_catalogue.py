"""A handful of features over real declared tables, as the catalogue would hold them."""

from features.declaration import Feature
from features.sources.core import Plane


def _feature(name: str, unit: str, topic: str, reads: tuple[str, ...], **flags: object) -> Feature:
    fields: dict[str, object] = {"need": False, "declared": False, "raises": 0, "floor": Plane.B, **flags}
    return Feature(
        name=name,
        side=name.split("_")[0],
        zh=str(fields.pop("zh", name)),
        en=str(fields.pop("en", name)),
        unit=unit,
        topic=topic,
        reads=reads,
        of=(),
        source=reads[0].split(".")[0],
        expression=lambda rows: rows,
        **fields,  # type: ignore[arg-type]
    )


def small_catalogue() -> dict[str, Feature]:
    """Plane A, B, own and X features; some of need, some declared."""
    features = (
        _feature(
            "income_taxed_yuan_12m", "yuan", "observed_income",
            ("withholding.income_yuan", "withholding.month"), raises=1,
            zh="近12个月扣缴收入", en="income with tax withheld, last 12 months",
        ),
        _feature(
            "property_deposits_yuan", "yuan", "deposits", ("balances.balance_yuan",), raises=1,
            zh="金融资产", en="financial assets",
        ),
        _feature(
            "composition_persons_count", "count", "household_members", ("residents.id_no",),
            zh="家庭人口", en="persons of the household",
        ),
        _feature(
            "benefits_relief_yuan_month", "yuan", "other_benefits", ("other_benefits.amount_yuan_month",),
            zh="其他补贴", en="other benefits",
        ),
        _feature(
            "housing_rental_flag", "flag", "public_rental", ("public_rental.rent_yuan",),
            zh="住公租房", en="lives in public rental housing",
        ),
        _feature(
            "employment_unemployed_months_12m", "months", "unemployment",
            ("unemployment_benefits.month",), zh="领取失业金月数", en="months of unemployment benefit",
        ),
        _feature(
            "benefits_on_file_years", "years", "benefit_paid", ("household_register.granted_on",),
            zh="在册年数", en="years on file",
        ),
        _feature(
            "income_declared_yuan_month", "yuan", "declared",
            ("household_register.declared_income_yuan",), declared=True,
            zh="申报月收入", en="declared income a month",
        ),
        _feature(
            "health_disabled_count", "count", "disability", ("certificates.grade",), need=True,
            zh="持证残疾人数", en="members with a disability certificate",
        ),
        _feature(
            "health_self_paid_yuan_12m", "yuan", "medical_cost", ("settlements.self_paid_yuan",), need=True,
            zh="近12个月自付医疗费", en="medical cost paid, last 12 months",
        ),
        _feature("housing_power_kwh_3m", "kwh", "usage", ("usage.kwh",), zh="用电", en="power used"),
    )  # fmt: skip
    return {feature.name: feature for feature in features}
