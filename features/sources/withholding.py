"""Income tax withholding (个税扣缴), 税务."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

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
            domain={
                "wages": ("工资薪金", "工资、薪金所得"),
                "labour": ("劳务报酬",),
                "business": ("经营所得",),
                "platform": ("平台从业", "平台经营"),
            },
        ),
        Column(
            "month", Kind.MONTH, "月份", "month", required=True, aliases=("所属期", "缴费月份", "费款所属期")
        ),
        Column("income_yuan", Kind.YUAN, "收入额", "income", required=True, minimum=0),
    ),
)
