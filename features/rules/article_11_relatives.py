"""Art. 11: near relatives of staff are registered separately, and the county visits them itself."""

import ibis

from features.rules.core import Verdict, status


@status(
    article="《最低生活保障审核确认办法》第十一条",
    zh="经办人员近亲属，须单独登记并由县级入户核查",
    en="a near relative of staff: registered separately, visited by the county",
)
def staff_relative(facts: ibis.Table) -> Verdict:
    """As the file says; a file without the column says nothing. It tells who visits, never what is found."""
    return Verdict(met=facts.staff_relative == "yes", unanswered=facts.staff_relative.isnull())
