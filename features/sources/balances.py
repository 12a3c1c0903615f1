"""Balances at financial institutions (金融资产), 金融机构."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="financial",
    name="balances",
    zh="金融资产",
    en="balances at financial institutions",
    plane=Plane.A,
    cadence=Cadence.QUARTERLY,
    delivery=Delivery.EVENTS,
    key=("id_no", "institution", "kind", "as_of_on"),
    event_on="as_of_on",
    columns=(
        Column(
            "id_no",
            Kind.ID_NO,
            "身份证号",
            "identity number",
            required=True,
            aliases=("公民身份号码", "证件号码", "身份证号码", "身份证"),
        ),
        Column("name", Kind.TEXT, "户名", "name", aliases=("姓名",), name_of="id_no"),
        Column("institution", Kind.TEXT, "机构名称", "institution", required=True, aliases=("金融机构",)),
        Column(
            "kind",
            Kind.CODE,
            "资产类型",
            "kind",
            required=True,
            domain={
                "deposit": ("存款",),
                "wealth_product": ("理财",),
                "fund": ("基金",),
                "security": ("证券", "股票"),
                "insurance": ("保险",),
            },
        ),
        Column("balance_yuan", Kind.YUAN, "余额", "balance", required=True, aliases=("余额(元)",)),
        Column("as_of_on", Kind.DATE, "截止日期", "balance as of", required=True, aliases=("余额日期",)),
    ),
)
