"""Real estate (不动产登记), 自然资源."""

from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

#: 商品房, 公寓 and 农村住宅 may each be two of these; garages, offices and works are none.
USES: Domain = {
    "dwelling": (
        "住宅", "成套住宅", "非成套住宅", "普通住宅", "城镇住宅", "城镇住宅用地", "住宅用地", "居住",
        "居住用房", "居住用地", "住宅用房", "住房", "别墅", "高档住宅", "高档公寓", "集体宿舍",
        "城镇住宅用地/住宅", "城镇住宅用地/成套住宅",
    ),
    "shop": (
        "商铺", "商业", "店铺", "门面", "门面房", "门市", "门市房", "铺面", "商业用房", "商业用地", "商服",
        "商业服务", "商业服务业", "商业服务用房", "商服用房", "商业网点", "底商", "营业用房",
        "零售商业用地",
    ),
    "homestead": (
        "宅基地", "农村宅基地", "宅基地使用权", "农民宅基地", "农村宅基地使用权", "农村宅基地/住宅",
    ),
}  # fmt: skip

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
            domain=USES,
        ),
        Column("area_m2", Kind.NUMBER, "面积", "area, m2", minimum=0, maximum=100000, aliases=("建筑面积",)),
        Column("assessed_yuan", Kind.YUAN, "评估价", "assessed value", minimum=0),
        Column("registered_on", Kind.DATE, "登记日期", "registered on", required=True),
        Column("cancelled_on", Kind.DATE, "注销日期", "cancelled on"),
    ),
)
