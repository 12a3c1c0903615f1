"""How a household was selected for a visit or a contact (选取方式): the same words in both tables."""

from features.sources.core import Domain

ARMS: Domain = {
    "random": ("随机", "随机抽取", "随机抽查", "随机抽样", "随机选取"),
    "score": ("评分", "模型评分", "评分选取", "按评分", "评分排序"),
    "rule": ("规则", "规则筛查", "规则比对", "规则选取", "按规则", "规则命中"),
    "report": ("举报", "群众举报", "信访举报", "投诉举报", "来信举报", "电话举报"),
    "routine": ("例行", "例行复核", "例行核查", "例行走访", "定期复核", "定期核查", "日常复核", "年度复核"),
}  # fmt: skip
