"""Market entities (市场主体), 市场监管."""

from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

#: Branches and cooperatives are left out: who answers for one need not own it.
KINDS: Domain = {
    "individual_business": (
        "个体工商户", "individual business", "个体户", "个体", "个体经营", "个体工商户（个人经营）",
        "个体工商户（家庭经营）",
    ),
    "company": (
        "企业", "有限责任公司", "公司", "有限公司", "股份有限公司", "企业法人", "公司法人",
        "有限责任公司（自然人独资）", "有限责任公司（法人独资）", "有限责任公司（国有独资）",
        "有限责任公司（自然人投资或控股）", "有限责任公司（自然人投资或控股的法人独资）",
        "有限责任公司（国有控股）", "其他有限责任公司", "一人有限责任公司", "股份有限公司（上市）",
        "股份有限公司（非上市）", "股份有限公司（非上市、自然人投资或控股）", "个人独资企业", "合伙企业",
        "普通合伙企业", "有限合伙企业", "特殊普通合伙企业", "私营企业", "内资企业", "外商投资企业",
        "股份合作制", "股份合作制企业", "集体所有制", "集体所有制企业", "全民所有制", "全民所有制企业",
    ),
}  # fmt: skip
STATUSES: Domain = {
    "active": (
        "存续", "在业", "开业", "在营", "在册", "正常", "存续（在营、开业、在册）", "存续（在营）",
        "在营（开业）", "开业（在营）", "在营（开业）企业", "登记成立",
    ),
    "cancelled": ("注销", "已注销", "注销企业", "吊销，已注销", "吊销后注销"),
    "revoked": ("吊销", "已吊销", "吊销企业", "吊销，未注销", "吊销营业执照", "被吊销"),
}  # fmt: skip

SOURCE = Source(
    department="market_regulation",
    name="entities",
    zh="市场主体",
    en="market entities",
    plane=Plane.A,
    cadence=Cadence.WEEKLY,
    delivery=Delivery.EVENTS,
    key=("uscc",),
    event_on="registered_on",
    columns=(
        Column("uscc", Kind.USCC, "统一社会信用代码", "credit code", required=True),
        Column("name", Kind.TEXT, "名称", "name", aliases=("企业名称",)),
        Column(
            "kind",
            Kind.CODE,
            "主体类型",
            "kind",
            domain=KINDS,
        ),
        Column(
            "legal_representative_id_no",
            Kind.ID_NO,
            "法定代表人身份证号",
            "identity number of the legal representative",
            required=True,
            aliases=("经营者身份证号",),
        ),
        Column(
            "legal_representative_name",
            Kind.TEXT,
            "法定代表人姓名",
            "legal representative's name",
            aliases=("法人姓名", "经营者姓名"),
            name_of="legal_representative_id_no",
        ),
        Column("registered_capital_yuan", Kind.YUAN, "注册资本", "registered capital", minimum=0),
        Column("registered_on", Kind.DATE, "成立日期", "registered on", required=True),
        Column(
            "status",
            Kind.CODE,
            "状态",
            "status",
            domain=STATUSES,
        ),
        Column("status_on", Kind.DATE, "状态日期", "status since"),
    ),
)
