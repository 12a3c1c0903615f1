"""The words a parameter may be made of, where it is no number: code -> (zh, en)."""

Choices = dict[str, tuple[str, str]]

#: Art. 13 names five kinds; together they are a household's income.
INCOME_KINDS: Choices = {
    "wages": ("工资性收入", "wages"),
    "business": ("经营净收入", "net business income"),
    "property": ("财产净收入", "net property income"),
    "transfer": ("转移净收入", "net transfer income"),
    "other": ("其他应计入的收入", "other income that counts"),
}

#: The first five art. 13 leaves out everywhere; the others where the locality says so.
INCOME_EXEMPT: Choices = {
    "preferential_allowance": ("优待抚恤金", "allowances to those who served and their families"),
    "family_planning_award": ("计划生育奖励扶助金", "family-planning awards"),
    "scholarship": ("奖学金、助学金", "scholarships"),
    "bravery_award": ("见义勇为奖励", "awards for bravery"),
    "government_relief": ("政府给予的救助款物", "government relief"),
    "old_age_allowance": ("高龄津贴", "allowance for the very old"),
    "disability_allowance": ("残疾人两项补贴", "the two subsidies to disabled persons"),
}

INCOME_DEDUCTIBLE: Choices = {
    "employment_cost": ("必要就业成本", "necessary employment cost"),
    "illness_cost": ("因重病的刚性支出", "rigid spending on serious illness"),
    "disability_cost": ("因残疾的刚性支出", "rigid spending on disability"),
    "education_cost": ("教育刚性支出", "rigid spending on education"),
}

GRADUAL_EXIT_FORMULAS: Choices = {
    "full": ("渐退期内按原保障金额发放", "the amount paid before, all through"),
    "half": ("渐退期内按原保障金额的一半发放", "half the amount paid before, all through"),
    "full_then_half": (
        "前一半月份按原金额、后一半月份按其一半发放",
        "the amount paid before in the first half of the months, half of it in the second",
    ),
    "stepped_down": ("按月等额递减发放", "less by equal steps each month"),
}

#: What puts a household into a class of review; class B is every other.
REVIEW_WHEN: Choices = {
    "income_unstable": ("收入不稳定", "income is unstable"),
    "able_to_work": ("有劳动能力成员", "a member is able to work"),
    "newly_granted": ("新纳入不满一年", "granted less than a year ago"),
    "income_stable": ("收入稳定", "income is stable"),
    "none_able_to_work": ("无劳动能力成员", "no member is able to work"),
}

#: Grounds on which localities refuse. Which of them national law allows is told in constraints.yaml.
REFUSAL_GROUNDS: Choices = {
    "income_over_line": ("人均收入达到或超过低保标准", "income per person reaches the standard"),
    "property_over_limit": ("家庭财产超过规定限额", "property is over a limit"),
    "not_resident": ("户籍或居住地条件不符", "neither hukou nor residence in the locality"),
    "check_refused": ("拒绝授权或不配合核对", "the check of circumstances is refused"),
    "false_statement": ("隐瞒或虚报家庭经济状况", "circumstances were hidden or misstated"),
    "working_age_member": ("家中有劳动年龄内成员", "a member is of working age"),
    "occupation": ("从事特定职业或具有特定身份", "a member's occupation or identity"),
}

#: Benefits that a household has because it is on dibao, by the parameter that says what each is worth.
LINKED: Choices = {
    "linked_medical_insurance_yuan": ("医保参保资助", "medical insurance contribution waived"),
    "linked_heating_yuan": ("取暖补贴", "heating subsidy"),
    "linked_power_yuan": ("免费电量", "power allowance"),
    "linked_education_aid_yuan": ("在读子女教育资助", "education aid for members at school"),
}
