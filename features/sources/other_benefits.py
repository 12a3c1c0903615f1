"""Other benefits (其他补贴), 民政."""

from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

#: 抚恤金 alone may be an employer's, and children nobody supports are no orphans: left out.
PROGRAMMES: Domain = {
    "old_age": (
        "高龄津贴", "old-age", "高龄补贴", "高龄老人津贴", "高龄老人补贴", "老年人高龄津贴",
        "高龄老年人津贴", "高龄生活补贴", "80周岁以上老年人高龄津贴", "80周岁以上高龄津贴",
        "80岁以上高龄津贴", "百岁老人津贴", "老年人福利补贴", "老年人补贴", "养老服务补贴",
        "老年人养老服务补贴", "老年人护理补贴", "经济困难的高龄、失能等老年人补贴",
        "经济困难高龄失能老年人补贴",
    ),
    "disability": (
        "残疾人补贴", "disability", "残疾人两项补贴", "困难残疾人生活补贴", "重度残疾人护理补贴",
        "残疾人生活补贴", "残疾人护理补贴", "困难残疾人补贴", "重度残疾人补贴", "重残护理补贴",
        "残疾人困难生活补贴", "两项补贴",
    ),
    "orphan": (
        "孤儿基本生活费", "orphan", "孤儿基本生活保障", "孤儿基本生活保障金", "孤儿基本生活补贴",
        "孤儿生活费", "孤儿生活补贴", "孤儿补贴", "孤儿养育津贴", "散居孤儿基本生活费",
        "社会散居孤儿基本生活费", "集中供养孤儿基本生活费", "孤儿",
    ),
    "temporary_relief": (
        "临时救助", "temporary relief", "临时救助金", "临时困难救助", "急难型临时救助", "支出型临时救助",
        "临时生活救助", "临时生活困难救助", "急难救助",
    ),
    "preferential_allowance": (
        "优待抚恤金", "优抚对象抚恤补助", "优抚抚恤补助", "优抚对象抚恤金", "优抚对象定期抚恤金",
        "优抚对象抚恤和生活补助", "优抚对象生活补助", "优抚对象补助", "优抚补助", "优抚金", "优抚",
        "残疾军人抚恤金", "伤残军人抚恤金", "烈士遗属定期抚恤金", "三属定期抚恤金", "义务兵优待金",
        "义务兵家庭优待金", "复员军人生活补助", "在乡复员军人生活补助", "带病回乡退伍军人生活补助",
        "参战退役人员生活补助", "烈士老年子女生活补助", "60周岁以上农村籍退役士兵生活补助",
        "农村籍退役士兵老年生活补助",
    ),
    "family_planning_award": (
        "计划生育奖励扶助金", "计划生育特别扶助金", "计划生育奖励扶助", "计划生育特别扶助",
        "计划生育家庭奖励扶助", "计划生育家庭奖励扶助金", "计划生育家庭特别扶助", "计划生育家庭特别扶助金",
        "农村部分计划生育家庭奖励扶助", "农村部分计划生育家庭奖励扶助金", "农村计划生育家庭奖励扶助金",
        "计生奖励扶助金", "计生特别扶助金", "计生奖扶", "计生特扶", "独生子女伤残死亡家庭特别扶助金",
        "独生子女父母奖励费", "独生子女父母奖励金",
    ),
    "bravery_award": (
        "见义勇为奖励", "见义勇为奖励金", "见义勇为奖金", "见义勇为人员奖励", "见义勇为人员奖励金",
    ),
}  # fmt: skip

SOURCE = Source(
    department="civil_affairs",
    name="other_benefits",
    zh="其他补贴",
    en="other benefits",
    plane=Plane.B,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("id_no", "programme", "from"),
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
            "programme",
            Kind.CODE,
            "补贴项目",
            "programme",
            required=True,
            domain=PROGRAMMES,
        ),
        Column("amount_yuan_month", Kind.YUAN, "月金额", "amount a month", minimum=0),
        Column("from", Kind.DATE, "起始日期", "from", required=True),
        Column("to", Kind.DATE, "截止日期", "to"),
    ),
)
