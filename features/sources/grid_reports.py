"""Reports of grid workers (网格上报), 民政."""

from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

KINDS: Domain = {
    "hardship": (
        "困难", "生活困难", "家庭困难", "困难家庭", "困难群众", "困难情况", "生活困难家庭", "突发困难",
        "经济困难",
    ),
    "illness": ("患病", "重病", "大病", "疾病", "重大疾病", "患重病", "患大病", "生病"),
    "work_seen": (
        "发现就业", "work seen", "发现务工", "发现从业", "就业", "务工", "发现有就业", "发现劳动就业",
    ),
    "property_seen": ("发现财产", "property seen", "发现房产", "发现车辆", "发现有财产", "发现房产车辆"),
    "empty_home": (
        "空户", "empty home", "空置", "空房", "空置房", "房屋空置", "无人居住", "长期无人居住", "空挂户",
        "家中长期无人",
    ),
}  # fmt: skip

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
            domain=KINDS,
        ),
    ),
    discovery_rows=("kind", ("hardship", "illness")),
)
