"""Enrolments (学籍), 教育."""

from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

#: 九年一贯制, 完全中学, 中学, 高中阶段 and 高等教育 span two stages, and are left out.
STAGES: Domain = {
    "kindergarten": ("幼儿园", "学前教育", "学前", "幼儿教育", "幼儿"),
    "primary": ("小学", "普通小学", "完全小学", "小学教育", "小学阶段"),
    "junior": ("初中", "普通初中", "初级中学", "初中教育", "初中阶段"),
    "senior": ("高中", "普通高中", "高级中学", "普通高级中学", "普通高中教育"),
    "vocational": (
        "中职", "中等职业学校", "中等职业教育", "中等职业", "中职学校", "职业高中", "职高", "职业中专",
        "中专", "普通中专", "成人中专", "中等专业学校", "普通中等专业学校", "成人中等专业学校",
        "职业高级中学", "技工学校", "技校", "中等技术学校",
    ),
    "bachelor": (
        "本科", "大专", "大学", "大学本科", "普通本科", "本科教育", "本科生", "职业本科", "专升本", "专科",
        "大学专科", "普通专科", "高职", "高职高专", "高职（专科）", "高等职业学校", "高等职业教育",
        "高等专科学校", "专科教育", "专科生", "大专生", "本专科",
    ),
    "postgraduate": (
        "研究生", "硕士", "硕士研究生", "硕士生", "博士", "博士研究生", "博士生", "研究生教育",
    ),
}  # fmt: skip
SCHOOL_KINDS: Domain = {
    "public": ("公办", "公立", "公办学校", "公立学校", "公办园", "公办幼儿园"),
    "private": (
        "民办", "私立", "民办学校", "私立学校", "民办园", "民办幼儿园", "普惠性民办", "普惠性民办园",
        "普惠性民办幼儿园",
    ),
    "abroad": ("境外", "国外", "海外", "境外学校", "国外学校", "海外学校"),
}  # fmt: skip

SOURCE = Source(
    department="education",
    name="enrolments",
    zh="学籍",
    en="enrolments",
    plane=Plane.B,
    cadence=Cadence.TERMLY,
    delivery=Delivery.EVENTS,
    key=("id_no", "stage", "from"),
    event_on="from",
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
            "stage",
            Kind.CODE,
            "学段",
            "stage",
            required=True,
            domain=STAGES,
        ),
        Column(
            "school_kind",
            Kind.CODE,
            "学校性质",
            "kind of school",
            domain=SCHOOL_KINDS,
        ),
        Column("fee_yuan_year", Kind.YUAN, "年学费", "fees a year", minimum=0, plane=Plane.X),
        Column("aid_yuan_year", Kind.YUAN, "年资助", "aid a year", minimum=0),
        Column("from", Kind.DATE, "起始日期", "from", required=True),
        Column("to", Kind.DATE, "截止日期", "to"),
    ),
)
