"""Every word on screen and on paper that is not evidence, in Chinese and English, in one place."""

LANGUAGES = ("zh", "en")

#: code: (Chinese, English). `{…}` is filled by `text`.
MESSAGES: dict[str, tuple[str, str]] = {
    # the product
    "product": ("低保走访排序", "Dibao visit order"),
    "skip": ("跳到正文", "Skip to main content"),
    "language_other": ("English", "中文"),
    "decides_nothing": (
        "评分只排走访先后，不作任何决定：不因评分纳入、增发、减发或停发。",
        "A score orders visits and decides nothing: nobody is put on, raised, cut or stopped because of it.",
    ),
    "law": (
        "认定须经申请、调查和确认；减发、停发须有法定理由、告知并说明理由（民发〔2021〕57号第二十八、三十二条）。",
        "Benefit needs application, investigation and confirmation; a cut needs ground, notice and reasons"
        " (民发〔2021〕57号 art. 28, 32).",
    ),
    "loopback": (
        "练习环境：尚无登录，仅限本机访问。",
        "Practice: nobody signs in yet; only this machine is served.",
    ),
    "as_of": ("数据截至", "As of"),
    "home": ("首页", "Home"),
    # kinds of list
    "kind_hidden_income": ("隐性收入核查", "Hidden income"),
    "kind_exit_due": ("应退未退核查", "Exit due"),
    "kind_unapplied_eligible": ("应保未保主动发现", "Eligible, not applied"),
    "kind_underpaid": ("应增未增核查", "Underpaid"),
    "asks_hidden_income": (
        "是否有未申报的收入或财产？",
        "Is there income or property that was not declared?",
    ),
    "asks_exit_due": (
        "家庭情况是否已变化、应当退出？",
        "Have circumstances changed so that the benefit should end?",
    ),
    "asks_unapplied_eligible": (
        "是否有符合条件而未申请的家庭？",
        "Does a family qualify that never applied?",
    ),
    "asks_underpaid": ("现发金额是否低于应发？", "Should a recipient be paid more?"),
    "routine_hidden_income": (
        "工资、劳务与经营收入，存款，车辆，房产；向家庭说明来意并听取说明。",
        "Wages, casual work and business, deposits, vehicles, real estate; explain and listen.",
    ),
    "routine_exit_due": (
        "家庭成员增减、居住情况、收入与财产变化；如需退出，说明渐退与救济途径。",
        "Members, residence, changes of income and property; explain gradual exit and remedies.",
    ),
    "routine_unapplied_eligible": (
        "主动告知政策（第六条）：了解收入、支出与困难，愿意申请的协助申请。",
        "Tell the family of the policy (art. 6): ask about income, costs, hardship; help whoever applies.",
    ),
    "routine_underpaid": (
        "成员人数、收入、分类施保项目是否已足额计入。",
        "Are members, income and categorised supplements all counted?",
    ),
    # choosing
    "choose_title": ("选择街道和名单", "Choose a street and a list"),
    "choose_lead": (
        "每张名单按走访顺序排列，双向核查：既查应退，也查应保、应增。",
        "Each list is in the order of visits, in both directions: who should leave, and who should get more.",
    ),
    "street": ("街道", "Street"),
    "streets": ("各街道名单", "Lists by street"),
    "households_n": ("{n} 户", "{n}"),
    "nothing_yet": ("还没有名单", "No list yet"),
    "nothing_yet_remedy": (
        "请先运行 python -m serving batch。",
        "Run python -m serving batch first.",
    ),
    # a list
    "list_title": ("{kind}名单", "{kind}"),
    "list_caption": ("{street}，按走访顺序", "{street}, in order of visits"),
    "visit": ("走访顺序", "Visit"),
    "week": ("第 {n} 周", "Week {n}"),
    "week_column": ("周次", "Week"),
    "household": ("家庭", "Household"),
    "number": ("户编号", "Household number"),
    "community": ("社区", "Community"),
    "persons": ("人口", "Persons"),
    "persons_n": ("{n} 人", "{n} persons"),
    "persons_living": ("，共同生活约 {n} 人，请核对", ", about {n} of them living together: please check"),
    "others_at_home": ("，另有 {n} 人登记住在同一地址", ", {n} more registered at the same address"),
    "what_to_check": ("核对事项及依据", "What to check, and why"),
    "speaks_for": ("有利于家庭的情况", "What speaks for the family"),
    "finding_blank": ("核查结果", "Finding"),
    "signature_blank": ("核查人签字／日期", "Signature / date"),
    "empty_list": ("本街道本期没有此类名单。", "This street has no such list this month."),
    "rule_fact": ("规则发现", "Rule"),
    "record_reason": ("记录依据", "Record"),
    "check_record": ("先核记录", "Check the record"),
    "doubtful_records": (
        "{source}有 {n} 条记录用了本户成员的号码，姓名却不符：先查清是谁的记录，未计入任何结论",
        "{n} records of {source} carry a member's number but another name: find out whose they are; nothing"
        " here rests on them",
    ),
    "to_find_out": ("待查明", "To be found out"),
    "routine": ("常规", "Routine"),
    "same_order": (
        "走访顺序经随机编排，与评分高低无关。",
        "The order of visits is shuffled; it says nothing about the score.",
    ),
    "comma": ("、", ", "),
    "moved_by": (
        "本月 {n} 户的先后，主要由这些信息拉开：{topics}。这是全体的情况，不说任何一户。",
        "What told these {n} households apart this month: {topics}. It says nothing of any one of them.",
    ),
    "paper_note": (
        "本名单只排走访，不作决定；请逐户入户核实，结果以调查为准。含个人信息，用后按规定归档或销毁。",
        "This list orders visits and decides nothing; what counts is the investigation. Holds personal data.",
    ),
    "plan_title": ("月度复核计划", "Plan of re-verifications"),
    "plan_why": ("复核事由", "Why"),
    "plan_before_due": ("到期前复核", "before it is due"),
    "paper_page": ("第 &P 页 共 &N 页", "Page &P of &N"),
    # a household
    "household_title": ("家庭 {number}", "Household {number}"),
    "category": ("救助类别", "Category"),
    "category_dibao": ("最低生活保障", "dibao"),
    "category_dibao_marginal": ("低保边缘家庭", "dibao_marginal"),
    "category_tekun": ("特困人员", "tekun"),
    "category_rigid_expenditure": ("刚性支出困难家庭", "rigid expenditure"),
    "category_none": ("未享受救助", "no programme"),
    "review_class": ("复核类别", "Review class"),
    "vulnerable": ("需特别照顾", "Needs special care"),
    "vulnerable_sentence": (
        "重残、重病、特困、孤儿或独居老人：仅凭模型不进入应退或隐性收入名单。",
        "Severe disability, serious illness, tekun, orphan or an old person alone: never on an exit or"
        " hidden-income list by a model alone.",
    ),
    "yes": ("是", "Yes"),
    "no": ("否", "No"),
    "on_lists": ("所在名单", "On the lists"),
    "listed": ("在名单上", "On the list"),
    "on_no_list": ("不在名单上", "On no list"),
    "withheld": (
        "该户在待走访名单上：走访完成前不显示评分，以免影响判断。",
        "On an open list: no score is shown before the visit, so that it cannot colour it.",
    ),
    "reasons": ("核对依据", "Reasons"),
    "no_reasons": ("没有明显高于一般家庭的事项。", "Nothing stands out above an average household."),
    "reasons_not_kept": (
        "评分未到保留线，本批未保留依据和画像。",
        "The score lies under the floor; this batch kept neither reasons nor profile.",
    ),
    "of_100": (
        "每 100 户此类家庭中约 {about} 户（{low}–{high}）",
        "of 100 such households, about {about} ({low}–{high})",
    ),
    "band": ("程度", "Band"),
    "no_prediction": ("无法预测", "No prediction possible"),
    "why_sources_not_returned": (
        "多数部门未反馈数据，不作评分。",
        "Most of what the model reads was not returned; no score is given.",
    ),
    "why_not_authorised": (
        "家庭核对授权已失效或未签署，不作评分。",
        "The family's authorisation is missing or has ended; no score is given.",
    ),
    "evidence": ("依据", "Evidence"),
    "department": ("部门", "Department"),
    "event_on": ("发生", "Event"),
    "known_on": ("收到", "Received"),
    "confidence": ("身份匹配", "Identity match"),
    "value": ("数值", "Value"),
    "kind_column": ("类型", "Kind"),
    "facts": ("规则发现与条款", "Rule findings and articles"),
    "no_facts": ("没有规则发现。", "No rule finding."),
    "article": ("依据条款", "Article"),
    "verdict": ("结论", "Verdict"),
    "verdict_true": ("成立", "holds"),
    "verdict_unknown": ("待查", "to be found out"),
    "standing_open": ("自 {on} 起，已见 {n} 次", "since {on}, seen {n} times"),
    "standing_verified": (
        "已于 {on} 核实，无新事实，不再提出",
        "verified on {on}; without a new fact it is not raised again",
    ),
    "standing_withdrawn": (
        "已于 {on} 撤销，无新事实，不再提出",
        "withdrawn on {on}; without a new fact it is not raised again",
    ),
    "eligibility": ("资格测算", "Eligibility by rule"),
    "eligibility_eligible": ("符合", "eligible"),
    "eligibility_not_eligible": ("不符合", "not eligible"),
    "eligibility_unknown": ("未知", "unknown"),
    "income_bounds": ("计入收入（户／月）", "Countable income (household, month)"),
    "standard": ("保障标准（人／月）", "Standard (person, month)"),
    "entitled_bounds": ("测算应发（月）", "Entitled (month)"),
    "benefit": ("现发（月）", "Paid now (month)"),
    "missing_item": ("还缺一项", "The one missing item"),
    "missing_authorisation": ("家庭核对授权书", "the family's authorisation"),
    "missing_declared_income": ("申报收入", "the declared income"),
    "missing_parameters": ("本地保障标准参数", "the local parameters"),
    "nothing_missing": ("无", "none"),
    "profile": ("家庭画像", "Profile"),
    "profile_not_kept": ("本批未保留该户画像。", "This batch kept no profile of this household."),
    "unknown": ("未知", "unknown"),
    "feature": ("项目", "Item"),
    "answer": ("查询情况", "Answer"),
    "state_found": ("有记录", "found"),
    "state_nothing_found": ("查询无记录", "nothing found"),
    "state_not_returned": ("部门未反馈", "no answer"),
    "state_not_authorised": ("未授权", "not authorised"),
    "state_not_matched": ("身份未匹配", "identity not matched"),
    "logged": ("本次查看已记入日志。", "This look has been written to the log."),
    "between": ("{low} 至 {high} 元", "{low} to {high} yuan"),
    "yuan": ("{amount} 元", "{amount} yuan"),
    # sides of a profile
    "side_composition": ("家庭成员", "Composition"),
    "side_income": ("收入", "Income"),
    "side_property": ("财产", "Property"),
    "side_business": ("经营", "Business"),
    "side_health": ("健康", "Health"),
    "side_education": ("教育", "Education"),
    "side_employment": ("就业", "Employment"),
    "side_housing": ("住房", "Housing"),
    "side_benefits": ("救助与补贴", "Benefits"),
    "side_change": ("变化", "Change over time"),
    # faults
    "not_found": ("没有找到", "Not found"),
    "not_found_remedy": (
        "请核对地址中的名单、街道或家庭编号，或从首页重新选择。",
        "Check list, street or household in the address, or choose again from the home page.",
    ),
    "failed": ("服务出错", "The service failed"),
    "failed_remedy": (
        "没有改动任何内容；请稍后再试，仍有问题请告知管理员。",
        "Nothing was changed; try again later, and tell the administrator if it persists.",
    ),
    "busy": ("请求太多", "Too many requests"),
    "busy_remedy": (
        "同时的请求太多；没有改动任何内容，请按 Retry-After 的秒数稍后再试。",
        "Too many requests at once; nothing was changed: ask again after the seconds of Retry-After.",
    ),
    "late": ("超时", "Not done in time"),
    "late_remedy": (
        "没有在限定时间内完成；请稍后再试，仍有问题请告知管理员。",
        "Not done within the time allowed; try again later, and tell the administrator if it persists.",
    ),
    "asked_otherwise": (
        "有 {n} 个字段不能采用：请只发送 /health 列出的特征和表，且 known_on 不晚于 as_of。",
        "{n} fields cannot be used: send features and tables that /health lists, no known_on after as_of.",
    ),
    "not_found_household": (
        "最近一批中没有这个家庭；请核对编号。",
        "The latest batch does not know this household; check the number.",
    ),
}


def text(code: str, language: str, **values: object) -> str:
    """The words for `code`; KeyError for an unknown code. `values` fill the `{…}` in it."""
    words = MESSAGES[code][LANGUAGES.index(language)]
    return words.format(**values) if values else words


def both(code: str) -> dict[str, str]:
    """The words for `code` in both languages, as reasons carry them."""
    zh, en = MESSAGES[code]
    return {"zh": zh, "en": en}
