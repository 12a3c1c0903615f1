"""Pensions (养老金), 人社."""

from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

KINDS: Domain = {
    "employee": (
        "职工", "企业职工", "城镇职工", "企业职工基本养老保险", "城镇职工基本养老保险",
        "城镇企业职工基本养老保险", "职工基本养老保险", "职工养老保险", "企业职工养老保险",
        "城镇职工养老保险", "职工养老", "企业养老", "机关事业单位", "机关事业单位基本养老保险",
        "机关事业单位养老保险", "机关事业单位工作人员基本养老保险", "机关事业养老保险", "机关事业",
    ),
    "resident": (
        "居民", "城乡居民", "城乡居民基本养老保险", "城乡居民养老保险", "城乡居民社会养老保险",
        "居民养老保险", "居民基本养老保险", "居民养老", "城乡居保", "城居保", "新农保",
        "城镇居民社会养老保险", "新型农村社会养老保险",
    ),
}  # fmt: skip

SOURCE = Source(
    department="human_resources",
    name="pensions",
    zh="养老金",
    en="pensions",
    plane=Plane.A,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("id_no", "kind", "month"),
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
            "kind",
            Kind.CODE,
            "养老类型",
            "kind",
            required=True,
            domain=KINDS,
        ),
        Column(
            "month", Kind.MONTH, "月份", "month", required=True, aliases=("所属期", "缴费月份", "费款所属期")
        ),
        Column("amount_yuan", Kind.YUAN, "金额", "amount", required=True, minimum=0, aliases=("待遇金额",)),
    ),
)
