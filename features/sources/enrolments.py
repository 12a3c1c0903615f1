"""Enrolments (学籍), 教育."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

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
            domain={
                "kindergarten": ("幼儿园",),
                "primary": ("小学",),
                "junior": ("初中",),
                "senior": ("高中",),
                "vocational": ("中职",),
                "bachelor": ("本科", "大专"),
                "postgraduate": ("研究生",),
            },
        ),
        Column(
            "school_kind",
            Kind.CODE,
            "学校性质",
            "kind of school",
            domain={"public": ("公办",), "private": ("民办",), "abroad": ("境外",)},
        ),
        Column("fee_yuan_year", Kind.YUAN, "年学费", "fees a year", minimum=0, plane=Plane.X),
        Column("aid_yuan_year", Kind.YUAN, "年资助", "aid a year", minimum=0),
        Column("from", Kind.DATE, "起始日期", "from", required=True),
        Column("to", Kind.DATE, "截止日期", "to"),
    ),
)
