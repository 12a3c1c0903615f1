"""Deaths (死亡登记), 民政."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="civil_affairs",
    name="deaths",
    zh="死亡登记",
    en="deaths",
    plane=Plane.B,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("id_no",),
    event_on="died_on",
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
        Column("died_on", Kind.DATE, "死亡日期", "died on", required=True),
    ),
)
