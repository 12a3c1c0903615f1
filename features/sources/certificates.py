"""Disability certificates (残疾人证), 残联."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="disability",
    name="certificates",
    zh="残疾人证",
    en="disability certificates",
    plane=Plane.B,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("id_no", "category"),
    event_on="issued_on",
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
        Column(
            "category",
            Kind.CODE,
            "残疾类别",
            "category",
            required=True,
            domain={
                "visual": ("视力",),
                "hearing": ("听力",),
                "speech": ("言语",),
                "physical": ("肢体",),
                "intellectual": ("智力",),
                "mental": ("精神",),
                "multiple": ("多重",),
            },
        ),
        Column(
            "grade",
            Kind.INTEGER,
            "残疾等级",
            "grade, 1 (most severe) to 4",
            required=True,
            minimum=1,
            maximum=4,
        ),
        Column("issued_on", Kind.DATE, "发证日期", "issued on", required=True),
        Column("valid_until", Kind.DATE, "有效期止", "valid until"),
    ),
)
