"""Public rental housing (公租房), 住建公积金."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="housing",
    name="public_rental",
    zh="公租房",
    en="public rental housing",
    plane=Plane.B,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("id_no", "from"),
    event_on="from",
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
        Column("from", Kind.DATE, "起始日期", "from", required=True),
        Column("to", Kind.DATE, "截止日期", "to"),
        Column("rent_yuan", Kind.YUAN, "租金", "rent a month", minimum=0),
    ),
)
