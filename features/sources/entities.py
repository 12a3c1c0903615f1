"""Market entities (市场主体), 市场监管."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

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
            domain={
                "individual_business": ("个体工商户", "individual business"),
                "company": ("企业", "有限责任公司"),
            },
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
            domain={"active": ("存续", "在业", "开业"), "cancelled": ("注销",), "revoked": ("吊销",)},
        ),
        Column("status_on", Kind.DATE, "状态日期", "status since"),
    ),
)
