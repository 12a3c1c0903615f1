"""Income tax withholding (个税扣缴), 税务."""

from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

#: Items of the withholding return. Interest, rent and transfers of property are no kind here.
KINDS: Domain = {
    "wages": (
        "工资薪金", "工资、薪金所得", "工资薪金所得", "工资", "薪金", "工薪所得", "正常工资薪金",
        "正常工资薪金所得", "全年一次性奖金", "全年一次性奖金收入",
    ),
    "labour": (
        "劳务报酬", "劳务报酬所得", "劳务", "劳务所得", "一般劳务报酬", "一般劳务报酬所得",
        "其他连续劳务报酬所得", "其他非连续劳务报酬所得", "其他劳务报酬所得",
        "劳务报酬（保险营销员、证券经纪人、其他连续劳务）", "劳务报酬（一般劳务、其他非连续劳务）",
    ),
    "business": (
        "经营所得", "生产经营所得", "个体工商户经营所得", "个体工商户生产经营所得",
        "个体工商户的生产、经营所得", "对企事业单位的承包经营、承租经营所得",
    ),
    "platform": (
        "平台从业", "平台经营", "平台从业人员", "平台从业所得", "平台从业人员所得", "平台内从业人员所得",
        "互联网平台从业人员所得",
    ),
}  # fmt: skip

SOURCE = Source(
    department="taxation",
    name="withholding",
    zh="个税扣缴",
    en="income tax withholding",
    plane=Plane.A,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("id_no", "payer_uscc", "kind", "month"),
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
            "payer_uscc",
            Kind.USCC,
            "扣缴义务人代码",
            "credit code of the payer",
            aliases=("统一社会信用代码",),
        ),
        Column(
            "kind",
            Kind.CODE,
            "所得项目",
            "kind of income",
            required=True,
            domain=KINDS,
        ),
        Column(
            "month", Kind.MONTH, "月份", "month", required=True, aliases=("所属期", "缴费月份", "费款所属期")
        ),
        Column("income_yuan", Kind.YUAN, "收入额", "income", required=True, minimum=0),
    ),
)
