"""Why a row is set aside: one code a reason, with the sentence staff read. Never a value."""

from features.sources.core import Source

#: What each problem is called in the quarantine; the column's Chinese name is put before it.
REASONS: dict[str, str] = {
    "missing": "必填项为空",
    "formula": "单元格里是公式而不是值，请粘贴为数值后重发",
    "undecodable": "有无法解码的字符，请用 UTF-8 编码重新导出",
    "digits_lost": "号码已变成浮点数或科学计数，位数丢失，无法恢复，请按文本格式重新导出",
    "id_shape": "不是 18 位或 15 位身份证号",
    "id_birth": "身份证号里的出生日期不存在",
    "id_check": "身份证号校验码不符",
    "uscc": "不是 18 位统一社会信用代码，也不是 15 位注册号",
    "region": "不是 12 位区划代码",
    "code": "取值不在约定的代码内",
    "date": "不是可识别的日期",
    "month": "不是可识别的月份",
    "whole_year": "是一整年而不是一个月，请按月分列后重发",
    "year": "日期不在 1900 至 2100 年之间",
    "yuan": "不是可识别的金额",
    "number": "不是可识别的数字",
    "integer": "不是整数",
    "minimum": "小于允许的最小值",
    "maximum": "大于允许的最大值",
}

#: Problems of a whole row, before its columns can be told apart.
ROW_REASONS: dict[str, str] = {
    "fields": "这一行的列数与表头不符",
    "quotes": "这一行的引号不成对",
    "undecodable": "这一行有无法解码的字符，请用 UTF-8 编码重新导出",
}


def reason_zh(source: Source, column: str, code: str) -> str:
    """The sentence of a problem: of one column, or of the whole row where `column` is empty."""
    if not column:
        return ROW_REASONS[code]
    return f"{source.column(column).zh}：{REASONS[code]}"
