"""Medical insurance settlements (医保结算), 医保."""

from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

#: 两病门诊, 药店购药 and 日间手术 are settled either way by region: left out.
KINDS: Domain = {
    "inpatient": (
        "住院", "普通住院", "住院治疗", "住院医疗", "单病种住院", "外伤住院", "转外诊治住院", "急诊转住院",
    ),
    "chronic": (
        "门诊慢特病", "慢病", "慢特病", "慢性病", "门诊慢性病", "门诊慢病", "门慢", "门诊特殊病",
        "门诊特殊疾病", "门诊特病", "门特", "门诊大病", "门诊特殊慢性病", "门诊慢性病特殊病",
        "门诊慢性病、特殊疾病", "门诊慢性病和特殊疾病", "门诊特殊病慢性病",
    ),
    "outpatient": (
        "门诊", "普通门诊", "门诊统筹", "普通门诊统筹", "门急诊", "门诊急诊", "急诊", "普通门急诊",
        "门诊治疗",
    ),
}  # fmt: skip

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
            domain=KINDS,
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
