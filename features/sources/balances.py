"""Balances at financial institutions (金融资产), 金融机构."""

from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

#: 结构性存款 is a deposit to the supervisor and a product to its seller: left out.
KINDS: Domain = {
    "deposit": (
        "存款", "银行存款", "储蓄", "储蓄存款", "活期", "活期存款", "定期", "定期存款", "活期储蓄",
        "定期储蓄", "定活两便", "定活两便存款", "大额存单", "通知存款", "人民币存款", "个人存款",
        "零存整取", "整存整取",
    ),
    "wealth_product": (
        "理财", "理财产品", "银行理财", "银行理财产品", "理财资金", "资产管理产品", "资管产品",
    ),
    "fund": (
        "基金", "公募基金", "私募基金", "证券投资基金", "开放式基金", "封闭式基金", "货币基金",
        "货币市场基金", "债券基金", "债券型基金", "股票基金", "股票型基金", "混合型基金", "指数基金",
        "基金份额",
    ),
    "security": (
        "证券", "股票", "有价证券", "债券", "国债", "储蓄国债", "企业债券", "公司债券", "证券资产",
        "证券账户", "股票账户", "上市公司股票", "股票、债券",
    ),
    "insurance": (
        "保险", "商业保险", "商业保险产品", "人寿保险", "人身保险", "商业人身保险", "寿险", "年金保险",
        "分红保险", "分红险", "万能险", "投连险", "投资连结保险", "保险产品", "保单",
    ),
}  # fmt: skip

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
            domain=KINDS,
        ),
        Column("balance_yuan", Kind.YUAN, "余额", "balance", required=True, aliases=("余额(元)",)),
        Column("as_of_on", Kind.DATE, "截止日期", "balance as of", required=True, aliases=("余额日期",)),
    ),
)
