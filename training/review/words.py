"""Words of a review that its page, its figures and the card share: (Chinese, English)."""

#: Who orders visits.
WHO = {
    "model": ("模型", "model"),
    "list": ("按规程生成的名单", "the list as issued"),
    "rules": ("规则", "rules"),
    "logistic": ("逻辑回归", "logistic regression"),
    "people": ("工作人员自选", "what staff selected"),
    "random": ("随机", "random"),
}
#: Verdicts of `models.fairness` and of twins.
VERDICTS = {
    "held": ("在界限内", "within the bar"),
    "exceeded": ("超出界限", "beyond the bar"),
    "insufficient": ("证据不足", "insufficient evidence"),
}
#: What a gate may be.
HELD = {
    True: ("成立", "held"),
    False: ("不成立", "not held"),
    None: ("证据不足", "insufficient evidence"),
}
