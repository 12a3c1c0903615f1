"""Unemployment benefits (失业保险金), 人社."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="human_resources",
    name="unemployment_benefits",
    zh="失业保险金",
    en="unemployment benefits",
    plane=Plane.B,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("id_no", "month"),
    event_on="month",
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
            "month", Kind.MONTH, "月份", "month", required=True, aliases=("所属期", "缴费月份", "费款所属期")
        ),
        Column("amount_yuan", Kind.YUAN, "金额", "amount", required=True, minimum=0),
    ),
)
