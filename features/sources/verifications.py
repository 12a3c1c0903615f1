"""Verifications (入户核查), 民政."""

from features.sources.arms import ARMS
from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

FINDINGS: Domain = {
    "no_change": (
        "无变化", "无变动", "没有变化", "未变化", "情况无变化", "家庭情况无变化", "家庭情况未变化",
        "与申报一致", "与登记一致",
    ),
    "income_undeclared": (
        "收入未申报", "未申报收入", "有收入未申报", "收入漏报", "漏报收入", "少报收入", "收入少报",
    ),
    "property_undeclared": (
        "财产未申报", "未申报财产", "有财产未申报", "财产漏报", "漏报财产", "少报财产", "财产少报",
    ),
    "ineligible": (
        "不符合条件", "不符合", "不再符合条件", "不再符合", "不符合救助条件", "不符合保障条件",
        "不再符合救助条件", "不再符合保障条件", "不符合低保条件", "不再符合低保条件",
    ),
    "deceased_member": (
        "成员死亡", "家庭成员死亡", "成员去世", "家庭成员去世", "有成员死亡", "有成员去世", "人员死亡",
    ),
    "member_left": (
        "成员离开", "家庭成员离开", "成员离户", "有成员离开", "成员迁出", "家庭成员迁出", "成员已离开",
    ),
    "moved": ("迁移", "已迁移", "搬迁", "已搬迁", "搬离", "已搬离", "全家迁出", "整户迁出", "全户迁出"),
    "record_error": (
        "信息有误", "信息错误", "登记有误", "登记错误", "登记信息有误", "登记信息错误", "档案有误",
        "资料有误", "记录有误", "记录错误",
    ),
    "refused": (
        "拒绝核查", "拒绝", "拒绝入户", "拒绝入户核查", "拒绝配合", "不配合", "不配合核查", "拒不配合",
    ),
    "unreachable": (
        "无法联系", "联系不上", "无法联系到", "未联系上", "未能联系上", "失联", "家中无人", "无人在家",
    ),
}  # fmt: skip
ACTIONS: Domain = {
    "none": (
        "无", "维持", "维持不变", "不变", "维持原标准", "继续保障", "继续救助", "不作调整", "无需处理",
    ),
    "increase": ("增发", "调增", "增加", "提高", "增加保障金", "增加救助金", "提高保障金", "调高"),
    "decrease": ("减发", "调减", "减少", "降低", "核减", "减少保障金", "减少救助金", "降低保障金", "调低"),
    "stop": (
        "停发", "停保", "终止", "取消", "停止", "停止保障", "停止救助", "终止保障", "终止救助", "取消保障",
        "取消救助", "停发保障金", "停发救助金",
    ),
    "gradual_exit": ("渐退", "救助渐退", "低保渐退", "渐退期", "给予渐退期", "纳入渐退", "逐步退出"),
    "refer": (
        "转介", "转办", "转介服务", "转介救助", "转介其他救助", "转介其他部门", "移交", "移交其他部门",
    ),
}  # fmt: skip

SOURCE = Source(
    department="civil_affairs",
    name="verifications",
    zh="入户核查",
    en="verifications",
    plane=Plane.OWN,
    cadence=Cadence.DAILY,
    delivery=Delivery.EVENTS,
    key=("household_no", "selected_on"),
    event_on="visited_on",
    columns=(
        Column(
            "household_no",
            Kind.TEXT,
            "户编号",
            "household number",
            required=True,
            aliases=("家庭编号", "低保户编号", "户号"),
        ),
        Column("selected_on", Kind.DATE, "选取日期", "selected on", required=True),
        Column(
            "arm",
            Kind.CODE,
            "选取方式",
            "how the household was selected",
            required=True,
            domain=ARMS,
        ),
        Column(
            "selection_probability",
            Kind.NUMBER,
            "入选概率",
            "probability of being chosen by its arm; of the random arm that of the lot, for estimates",
            minimum=0,
            maximum=1,
        ),
        Column("visited_on", Kind.DATE, "走访日期", "visited on", aliases=("入户日期",)),
        Column("recorded_on", Kind.DATE, "录入日期", "recorded on"),
        Column("worker_code", Kind.TEXT, "经办人编码", "worker code"),
        Column(
            "finding",
            Kind.CODE,
            "核查结论",
            "finding",
            required=True,
            aliases=("核查结果",),
            domain=FINDINGS,
        ),
        Column(
            "verified_income_yuan_month",
            Kind.YUAN,
            "核实月收入",
            "verified income of the household a month",
            minimum=0,
        ),
        Column("months_affected", Kind.INTEGER, "涉及月数", "months affected", minimum=0, maximum=240),
        Column(
            "action",
            Kind.CODE,
            "处理",
            "action",
            domain=ACTIONS,
        ),
        Column("minutes_spent", Kind.INTEGER, "用时分钟", "minutes spent", minimum=0, maximum=1440),
    ),
)
