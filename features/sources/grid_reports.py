"""Reports of grid workers (网格上报), 民政."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="civil_affairs",
    name="grid_reports",
    zh="网格上报",
    en="reports of grid workers",
    plane=Plane.B,
    cadence=Cadence.DAILY,
    delivery=Delivery.EVENTS,
    key=("reported_on", "grid_code", "id_no", "address", "kind"),
    event_on="reported_on",
    columns=(
        Column("reported_on", Kind.DATE, "上报日期", "reported on", required=True),
        Column("grid_code", Kind.TEXT, "网格编码", "grid code", aliases=("网格编号",)),
        Column(
            "id_no",
            Kind.ID_NO,
            "身份证号",
            "identity number",
            required=False,
            aliases=("公民身份号码", "证件号码", "身份证号码", "身份证"),
        ),
        Column("address", Kind.TEXT, "地址", "address", aliases=("住址",)),
        Column(
            "kind",
            Kind.CODE,
            "类型",
            "kind",
            required=True,
            domain={
                "hardship": ("困难",),
                "illness": ("患病",),
                "work_seen": ("发现就业", "work seen"),
                "property_seen": ("发现财产", "property seen"),
                "empty_home": ("空户", "empty home"),
            },
        ),
    ),
    discovery_rows=("kind", ("hardship", "illness")),
)
