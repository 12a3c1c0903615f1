"""Households on file (在册家庭), 民政."""

from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

#: 低收入家庭 meant other families before 2020, and orphans are 集中供养 too: both are left out.
CATEGORIES: Domain = {
    "dibao": (
        "低保", "最低生活保障", "城市低保", "农村低保", "城乡低保", "低保户", "低保家庭", "低保对象",
        "城市最低生活保障", "农村最低生活保障", "城乡最低生活保障", "最低生活保障家庭", "最低生活保障对象",
        "城市最低生活保障家庭", "农村最低生活保障家庭", "城市低保户", "农村低保户", "城市低保对象",
        "农村低保对象", "城市低保家庭", "农村低保家庭", "城镇低保",
    ),
    "dibao_marginal": (
        "低保边缘", "低保边缘家庭", "低保边缘户", "低保边缘对象", "低保边缘人口", "低边", "低边户",
        "低边家庭", "低边对象", "最低生活保障边缘", "最低生活保障边缘家庭", "城市低保边缘家庭",
        "农村低保边缘家庭", "低保边缘困难家庭",
    ),
    "tekun": (
        "特困", "特困人员", "特困户", "特困对象", "特困家庭", "特困供养", "特困供养人员", "特困人员供养",
        "特困人员救助供养", "城市特困", "农村特困", "城市特困人员", "农村特困人员", "特困救助供养",
        "特困集中供养", "特困分散供养", "集中供养特困人员", "分散供养特困人员", "特困人员集中供养",
        "特困人员分散供养", "城市特困人员救助供养", "农村特困人员救助供养", "五保", "五保户", "五保对象",
        "农村五保", "农村五保供养",
    ),
    "rigid_expenditure": (
        "刚性支出", "刚性支出困难家庭", "刚性支出困难", "刚性支出困难户", "刚性支出家庭", "支出型困难",
        "支出型困难家庭", "支出型困难户", "支出型贫困家庭", "支出型贫困",
    ),
    "none": ("无", "未保障", "", "未纳入", "未纳入保障", "非保障对象", "非救助对象", "不在保"),
}  # fmt: skip
URBAN_RURAL: Domain = {
    "urban": ("城市", "城镇", "城", "城市居民", "城镇居民", "市区", "城区"),
    "rural": ("农村", "乡村", "乡", "村", "农", "农村居民"),
}  # fmt: skip
REVIEW_CLASSES: Domain = {
    "A": ("A类", "Ａ", "A类家庭", "A级", "A类户", "A类对象"),
    "B": ("B类", "Ｂ", "B类家庭", "B级", "B类户", "B类对象"),
    "C": ("C类", "Ｃ", "C类家庭", "C级", "C类户", "C类对象"),
}  # fmt: skip
STAFF_RELATIVE: Domain = {
    "yes": ("是", "有", "1", "Y", "true", "属于", "是近亲属"),
    "no": ("否", "没有", "0", "N", "false", "不是", "不属于", "非", "非近亲属"),
}  # fmt: skip
INCOME_PERIODS: Domain = {
    "month": ("月", "按月", "每月", "月度", "月收入", "家庭月收入", "元/月", "按月计算"),
    "year": ("年", "按年", "每年", "年度", "全年", "年收入", "家庭年收入", "元/年", "按年计算"),
}  # fmt: skip

SOURCE = Source(
    department="civil_affairs",
    name="household_register",
    zh="在册家庭",
    en="households on file",
    plane=Plane.OWN,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.FULL,
    key=("household_no",),
    event_on="granted_on",
    columns=(
        Column(
            "household_no",
            Kind.TEXT,
            "户编号",
            "household number",
            required=True,
            aliases=("家庭编号", "低保户编号", "户号"),
        ),
        Column(
            "head_id_no",
            Kind.ID_NO,
            "户主身份证号",
            "identity number of the head",
            required=True,
            aliases=("户主证件号码", "申请人身份证号"),
        ),
        Column(
            "category",
            Kind.CODE,
            "救助类别",
            "category",
            required=True,
            aliases=("保障类别", "类别"),
            domain=CATEGORIES,
        ),
        Column(
            "urban_rural",
            Kind.CODE,
            "城乡",
            "urban or rural",
            required=True,
            aliases=("城乡类别",),
            domain=URBAN_RURAL,
        ),
        Column(
            "region_code",
            Kind.REGION,
            "区划代码",
            "region code, to the community",
            required=True,
            aliases=("行政区划代码", "社区代码"),
        ),
        Column("grid_code", Kind.TEXT, "网格编码", "grid code", aliases=("网格编号",)),
        Column("address", Kind.TEXT, "家庭住址", "address", aliases=("住址", "地址", "居住地址")),
        Column("phone", Kind.TEXT, "联系电话", "phone", aliases=("电话", "手机号", "手机号码")),
        Column("granted_on", Kind.DATE, "纳入日期", "granted on", aliases=("保障起始日期", "批准日期")),
        Column("ended_on", Kind.DATE, "退出日期", "ended on", aliases=("停保日期", "保障终止日期")),
        Column("end_reason", Kind.TEXT, "退出原因", "reason for the end", aliases=("停保原因",)),
        Column(
            "review_class",
            Kind.CODE,
            "复核类别",
            "review class",
            aliases=("分类管理类别",),
            domain=REVIEW_CLASSES,
        ),
        Column(
            "staff_relative",
            Kind.CODE,
            "经办人员近亲属",
            "a near relative of staff, registered separately (art. 11)",
            aliases=("近亲属备案", "是否近亲属", "经办人员或村（居）委会成员近亲属"),
            domain=STAFF_RELATIVE,
        ),
        Column(
            "declared_income_yuan",
            Kind.YUAN,
            "申报收入",
            "declared income of the household, per `income_period`",
            aliases=("申报家庭收入", "家庭申报收入"),
            minimum=0,
        ),
        Column(
            "income_period",
            Kind.CODE,
            "收入周期",
            "period of the declared income",
            aliases=("收入口径",),
            domain=INCOME_PERIODS,
        ),
        Column(
            "declared_deposit_yuan",
            Kind.YUAN,
            "申报存款",
            "declared deposits of the household",
            aliases=("申报金融资产",),
            minimum=0,
        ),
        Column(
            "benefit_yuan_month",
            Kind.YUAN,
            "月保障金额",
            "benefit paid a month",
            aliases=("保障金额", "月救助金额"),
            minimum=0,
        ),
        Column("authorised_on", Kind.DATE, "授权日期", "authorisation given on", aliases=("授权书签署日期",)),
        Column(
            "authorised_until",
            Kind.DATE,
            "授权截止日期",
            "authorisation valid until",
            aliases=("授权有效期止",),
        ),
    ),
)
