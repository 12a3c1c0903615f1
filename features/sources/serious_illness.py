"""Serious illness register (重大疾病登记), 医保."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="medical_insurance",
    name="serious_illness",
    zh="重大疾病登记",
    en="serious illness register",
    plane=Plane.B,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("id_no", "illness_class"),
    event_on="registered_on",
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
        Column("illness_class", Kind.TEXT, "病种", "class of illness", required=True),
        Column("registered_on", Kind.DATE, "登记日期", "registered on", required=True),
    ),
)
