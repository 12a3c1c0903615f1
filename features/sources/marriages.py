"""Marriages (婚姻登记), 民政."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="civil_affairs",
    name="marriages",
    zh="婚姻登记",
    en="marriages",
    plane=Plane.B,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("id_no_a", "id_no_b", "married_on"),
    event_on="married_on",
    columns=(
        Column(
            "id_no_a",
            Kind.ID_NO,
            "男方身份证号",
            "identity number of one",
            required=True,
            aliases=("身份证号1",),
        ),
        Column("name_a", Kind.TEXT, "男方姓名", "name of one", aliases=("姓名1",), name_of="id_no_a"),
        Column(
            "id_no_b",
            Kind.ID_NO,
            "女方身份证号",
            "identity number of the other",
            required=True,
            aliases=("身份证号2",),
        ),
        Column("name_b", Kind.TEXT, "女方姓名", "name of the other", aliases=("姓名2",), name_of="id_no_b"),
        Column("married_on", Kind.DATE, "结婚日期", "married on", required=True),
        Column("divorced_on", Kind.DATE, "离婚日期", "divorced on"),
    ),
)
