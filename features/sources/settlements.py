"""Medical insurance settlements (医保结算), 医保."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="medical_insurance",
    name="settlements",
    zh="医保结算",
    en="medical insurance settlements",
    plane=Plane.B,
    cadence=Cadence.WEEKLY,
    delivery=Delivery.EVENTS,
    key=("id_no", "settled_on", "kind"),
    event_on="settled_on",
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
        Column("settled_on", Kind.DATE, "结算日期", "settled on", required=True),
        Column(
            "kind",
            Kind.CODE,
            "就诊类型",
            "kind",
            required=True,
            domain={
                "inpatient": ("住院",),
                "chronic": ("门诊慢特病", "慢病"),
                "outpatient": ("门诊", "普通门诊"),
            },
        ),
        Column("total_yuan", Kind.YUAN, "总费用", "total", required=True, minimum=0),
        Column(
            "self_paid_yuan",
            Kind.YUAN,
            "自付费用",
            "paid by the family",
            required=True,
            minimum=0,
            aliases=("个人自付",),
        ),
        Column("illness_class", Kind.TEXT, "病种", "class of illness"),
    ),
)
