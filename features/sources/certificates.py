"""Disability certificates (残疾人证), 残联."""

from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

#: The names of GB/T 26341 and its numbers, the 19th character of the certificate's number.
CATEGORIES: Domain = {
    "visual": ("视力", "视力残疾", "视力障碍", "1"),
    "hearing": ("听力", "听力残疾", "听力障碍", "2"),
    "speech": ("言语", "言语残疾", "言语障碍", "3"),
    "physical": ("肢体", "肢体残疾", "肢体障碍", "4"),
    "intellectual": ("智力", "智力残疾", "智力障碍", "5"),
    "mental": ("精神", "精神残疾", "精神障碍", "6"),
    "multiple": ("多重", "多重残疾", "7"),
}  # fmt: skip

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
            domain=CATEGORIES,
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
