"""Resident register (户籍人口), 公安."""

from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

#: With the numbers of GB/T 2261.1.
SEXES: Domain = {"male": ("男", "男性", "1", "M"), "female": ("女", "女性", "2", "F")}

SOURCE = Source(
    department="public_security",
    name="residents",
    zh="户籍人口",
    en="resident register",
    plane=Plane.B,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.FULL,
    key=("id_no",),
    event_on="residence_since",
    columns=(
        Column(
            "id_no",
            Kind.ID_NO,
            "身份证号",
            "identity number",
            required=True,
            aliases=("公民身份号码", "证件号码", "身份证号码", "身份证"),
        ),
        Column("name", Kind.TEXT, "姓名", "name", aliases=("名字", "人员姓名"), name_of="id_no"),
        Column("sex", Kind.CODE, "性别", "sex", domain=SEXES),
        Column("born_on", Kind.DATE, "出生日期", "born on", required=True),
        Column(
            "hukou_household_no",
            Kind.TEXT,
            "户籍户号",
            "hukou household number",
            required=True,
            aliases=("户号",),
        ),
        Column("hukou_address", Kind.TEXT, "户籍地址", "hukou address"),
        Column("hukou_region_code", Kind.REGION, "户籍区划代码", "hukou region code"),
        Column("residence_address", Kind.TEXT, "居住地址", "address of residence", aliases=("现住址",)),
        Column(
            "residence_region_code",
            Kind.REGION,
            "居住区划代码",
            "region code of residence",
            aliases=("现住区划代码",),
        ),
        Column("residence_since", Kind.DATE, "居住起始日期", "resident there since"),
        Column(
            "died_or_cancelled_on", Kind.DATE, "死亡或注销日期", "died or cancelled on", aliases=("注销日期",)
        ),
    ),
)
