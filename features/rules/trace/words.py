"""What each line of a computation is called, in Chinese and English, in a family's words."""

#: Part of the page -> heading (zh, en).
SECTIONS: dict[str, tuple[str, str]] = {
    "members": ("一、算几口人", "Who counts"),
    "income": ("二、全年收入", "Income of the year"),
    "line": ("三、跟标准比", "Against the line"),
    "property": ("四、家庭财产", "Property"),
    "amount": ("五、每月金额", "Amount a month"),
}
#: Line -> its words. `{…}` is filled from the household's own values and the region's parameters.
WORDS: dict[str, tuple[str, str]] = {
    "member": ("计入", "counts"),
    "member_death": ("不计入：已有死亡登记", "does not count: a death is registered"),
    "member_cancelled": ("不计入：户籍已注销", "does not count: the hukou was cancelled"),
    "member_custody": ("不计入：正在服刑或羁押", "does not count: in custody"),
    "persons": ("计入", "count"),
    "wages": ("工资", "wages"),
    "labour": ("劳务、平台收入", "casual and platform work"),
    "employment_cost": ("减：必要就业成本", "less: necessary cost of working"),
    "wage_unknown": (
        "有单位参保，工资不明（只计入最高收入）",
        "a job of unknown wage: in the highest income only",
    ),
    "business": ("经营收入", "business"),
    "pension": ("养老金", "pension"),
    "pension_left_out": ("减：不计入的基础养老金", "less: basic pension, not counted"),
    "unemployment": ("失业保险金", "unemployment benefit"),
    "land": ("耕地补贴", "land subsidy"),
    "land_left_out": ("耕地补贴，本地不计入", "land subsidy, not counted here"),
    "old_age_allowance": ("高龄津贴", "old-age allowance"),
    "disability_allowance": ("残疾人两项补贴", "disability allowances"),
    "programmes_left_out": ("其他补贴和救助金，不计入", "other allowances and relief, not counted"),
    "doubtful": (
        "有记录用了您家的号码，姓名不符，没有计入",
        "records with your number but another name: not counted",
    ),
    "interest": ("存款折算利息", "what deposits are taken to earn"),
    "gross": ("部门记录的收入合计", "income on record"),
    "deduction": (
        "减：自付医疗费（本地最多减收入的 {share}）",
        "less: medical costs (up to {share})",
    ),
    "recorded": ("部门记录的收入，扣减后", "income on record after that"),
    "declared": ("您家自报的收入", "declared by the family"),
    "declared_doubtful": (
        "您家自报的收入：按月还是按年不清楚，此处按年",
        "income declared: by the month or the year is unclear, here by the year",
    ),
    "declared_missing": ("您家自报的收入：没有记录", "income declared: not on record"),
    "fallen": ("减：记录显示已停发的工资", "less: wages that stopped on record"),
    "assumed": (
        "加：有劳动能力者按本地规定推算的收入",
        "plus: what the place takes members able to work to earn",
    ),
    "income_low": ("采用的收入（记录与自报取高）", "income used: record or declaration, the higher"),
    "wage_bound": ("没有税务记录，可能还有的工资", "no answer from tax: wages there may be"),
    "pension_bound": ("没有养老金记录，可能还有的养老金", "no answer on pensions: what there may be"),
    "income_high": ("最高可能的收入", "the most the income can be"),
    "standard": ("低保标准，每人每月", "standard, a person and month"),
    "line": ("{heads} 人全年收入线", "line of {heads} persons, a year"),
    "per_head": ("您家人均月收入", "your income a person and month"),
    "per_head_high": ("您家人均月收入，最高", "your income a person and month, at most"),
    "deposits": ("存款等金融资产（限额 {limit} 元）", "deposits (limit {limit})"),
    "cars": (
        "汽车（每辆不超过 {limit} 元{also_zh}）",
        "cars (each up to {limit} yuan{also_en})",
    ),
    "dwellings": ("住房（不超过 {limit} 套{also_zh}）", "dwellings ({limit} at most{also_en})"),
    "shops": ("商铺（不超过 {limit} 间）", "shops ({limit} at most)"),
    "companies": (
        "名下企业（资本不超过 {limit} 元{also_zh}，或未经营）",
        "companies (capital up to {limit}{also_en}, or idle)",
    ),
    "basis": ("收入线减收入，全年差额", "line less income, a year"),
    "basis_high": ("按最高收入算，全年差额", "with the highest income, a year"),
    "basis_tekun": ("特困人员基本生活标准，全年", "basic standard of tekun, a year"),
    "rounded": ("折合每月，进到整元", "a month, rounded up to the yuan"),
    "supplement_severe": ("加：重度残疾增发", "plus: severe disability"),
    "supplement_ill": ("加：重大疾病增发", "plus: serious illness"),
    "supplement_minors": ("加：未成年人增发", "plus: minors"),
    "supplement_supplement_old": ("加：高龄增发", "plus: old age"),
    "entitled": ("测算每月应发", "due a month by this"),
    "entitled_most": ("测算每月应发，最多", "due a month by this, at most"),
    "entitled_nothing": ("测算每月应发", "due a month by this"),
    "no_amount": ("这一类别没有按月发放的金额", "this category has no monthly amount"),
    "benefit": ("现在每月发放", "paid a month now"),
}
#: Line of property -> its second limit, in the words of the first.
ALSO_WORDS: dict[str, tuple[str, str]] = {
    "cars": ("，最多 {limit} 辆", ", {limit} at most"),
    "dwellings": ("，多套时人均不超过 {limit} 平方米", "; several: {limit} m² a person"),
    "companies": ("，最多 {limit} 家", ", {limit} at most"),
}
#: What a source's silence is called where a value should stand.
STATES: dict[str, tuple[str, str]] = {
    "not_returned": ("部门未答复", "no answer yet"),
    "not_authorised": ("未授权，未查询", "not authorised, not asked"),
    "not_matched": ("身份未核实", "identity not matched"),
    "unpriced": ("价格待查", "price to be found"),
    "to_check": ("是否经营待查", "whether it trades: to be found"),
    "left_out": ("不计入", "not counted"),
    "within": ("未超", "within"),
    "over": ("超过", "over"),
}
#: The answer -> a sentence that is told with it.
ANSWERS: dict[str, tuple[str, str]] = {
    "eligible": ("按现有记录测算：符合条件", "By what is on record: within the rules"),
    "not_eligible": ("按现有记录测算：不符合条件", "By what is on record: not within the rules"),
    "unknown": ("现有记录还不能确定", "What is on record does not settle it"),
}
#: What would settle it, beside the words of `MISSING_ITEMS`.
ONE_PAPER = ("只差一项就能算清：{item}。", "One thing would settle it: {item}.")
NOTHING_MISSING = ("计算所需的记录已齐。", "Nothing is missing for this computation.")
#: What the family can do, each with the article it rests on.
CHOICES: tuple[tuple[str, str, str], ...] = (
    (
        "哪一行不对，当面或书面告诉街道，街道重新核对。",
        "Where a line is wrong, tell the street: it checks again.",
        "《最低生活保障审核确认办法》第十八条",
    ),
    (
        "收入、人口有变化，请告诉社区或街道。",
        "Tell the community or street when income or members change.",
        "《最低生活保障审核确认办法》第三十一条",
    ),
    (
        "减发、停发须有法定理由，事先告知并说明理由。",
        "A cut or stop needs a ground in law, notice and reasons.",
        "《最低生活保障审核确认办法》第三十二条",
    ),
    (
        "可以要求解释这张表，也可以要求由人决定。",
        "You may ask for an explanation, and for a person to decide.",
        "《个人信息保护法》第二十四条",
    ),
)
NO_DECISION = (
    "这张表说明怎样计算，不是决定书。决定须经调查和审核确认。",
    "This sheet says how it was worked out. It decides nothing: that takes investigation and confirmation.",
)
