"""Real estate (不动产登记), 自然资源."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="natural_resources",
    name="real_estate",
    zh="不动产登记",
    en="real estate",
    plane=Plane.A,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("unit_no", "id_no"),
    event_on="registered_on",
    columns=(
        Column("unit_no", Kind.TEXT, "不动产单元号", "unit number", required=True),
        Column(
            "id_no",
            Kind.ID_NO,
            "身份证号",
            "identity number",
            required=True,
            aliases=("公民身份号码", "证件号码", "身份证号码", "身份证"),
        ),
        Column("name", Kind.TEXT, "权利人姓名", "name", aliases=("姓名", "权利人"), name_of="id_no"),
        Column("share_percent", Kind.NUMBER, "份额比例", "share, percent", minimum=0, maximum=100),
        Column(
            "use",
            Kind.CODE,
            "用途",
            "use",
            required=True,
            domain={"dwelling": ("住宅",), "shop": ("商铺", "商业"), "homestead": ("宅基地",)},
        ),
        Column("area_m2", Kind.NUMBER, "面积", "area, m2", minimum=0, maximum=100000, aliases=("建筑面积",)),
        Column("assessed_yuan", Kind.YUAN, "评估价", "assessed value", minimum=0),
        Column("registered_on", Kind.DATE, "登记日期", "registered on", required=True),
        Column("cancelled_on", Kind.DATE, "注销日期", "cancelled on"),
    ),
)
