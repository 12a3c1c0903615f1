"""An entry for the register of algorithms, and the frame of an impact assessment, from the run's own facts.

The assessment's heads are those of the Personal Information Protection Law, art. 56; what only the office can
say is left open and marked. Neither is legal advice.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from features.catalogue import CATALOGUE
from features.sources import DEPARTMENTS, SOURCES
from models.bundle import Bundle
from models.questions import NEEDS_AUTHORISATION, SPECS
from training.card import NOT_FOR, SUNSET_DAYS
from training.gates import GATES, gates
from training.markdown import interval, table
from training.review.words import HELD

Found = Mapping[str, Any]

OPEN = "（由负责部门填写 / to be filled in by the office）"
#: Planes in the words of the law.
PLANES = {
    "B": "依法共享的事实 / shared by statute",
    "own": "民政自有记录 / civil affairs' own records",
    "A": "须经授权 / needs the family's authorisation",
}


def register_entry(bundle: Bundle, found: Found, review: Found | None = None) -> str:
    """Markdown of one entry: what the algorithm is for, on whom, on what, how good, who answers for it."""
    spec = SPECS[bundle.question](CATALOGUE)
    sunset = bundle.trained_as_of + timedelta(days=SUNSET_DAYS)
    held = gates(found, review)
    rows = (
        ("名称 / name", f"{bundle.zh} / {bundle.en} `{bundle.question}`"),
        ("用途 / purpose", "给走访排序，不作决定 / orders visits, decides nothing"),
        ("对象 / on whom", f"{spec.cohort_zh} / {spec.cohort_en}"),
        ("方向 / direction", _direction(bundle)),
        ("方法 / method", f"{bundle.kind}，加性对数几率 / additive in log-odds"),
        ("版本 / version", f"{bundle.version}，数据 / data {bundle.data_version}"),
        ("人工介入 / human part", "每一次走访和每一个决定由人作出 / people make every visit and decision"),
        ("命中率 / confirmed", interval(found["precision_at_capacity"])),
        ("规则 / rules", interval(found["rules_precision_at_capacity"])),
        *((f"{gate.zh} / {gate.en}", " / ".join(HELD[held[gate.code]])) for gate in GATES),
        ("失效日期 / sunset", str(sunset)),
        ("负责部门与联系人 / who answers", OPEN),
    )
    return (
        f"# 算法登记 / Algorithm register: {bundle.zh}\n\n{table(('项目 / item', '内容 / content'), rows)}\n"
    )


def _direction(bundle: Bundle) -> str:
    return (
        "可能导致减发或停发，故加严 / may lead to less money: stricter safeguards"
        if bundle.punitive
        else "只增加帮助 / only adds help"
    )


def impact_assessment(bundle: Bundle, found: Found, review: Found | None = None) -> str:
    """Markdown: lawful and necessary, effect on rights, safeguards, with what the run and the review show."""
    unknown = [gate for gate in GATES if gates(found, review)[gate.code] is not True]
    open_gates = "\n".join(f"- {gate.zh} / {gate.en}" for gate in unknown) or "- 无 / none"
    authorised = bundle.question in NEEDS_AUTHORISATION
    return f"""# 个人信息保护影响评估（框架）/ Impact assessment (frame): {bundle.zh}

版本 / version {bundle.version}。保存三年 / kept three years（个人信息保护法第五十五、五十六条）。

## 一、目的与处理方式是否合法、正当、必要 / Lawful, legitimate, necessary

目的：给走访排序，不作决定。/ Purpose: to order visits; nothing is decided.
授权：{
        "仅在家庭授权有效期内 / only while the family's authorisation is valid"
        if authorised
        else "依各数据面的法律依据 / by the ground of each plane"
    }。

{_data(bundle)}

必要性说明 / why each is needed：{OPEN}

## 二、对个人权益的影响与安全风险 / Effect on rights, and risks

- 误报：在走访能力内每百次走访约有 {_false(found)} 次查无问题，家庭受到一次打扰。
  Of 100 visits about {_false(found)} find nothing: a family is troubled once.
- 漏报：分数低不等于没有问题，也不等于不需要帮助。/ A low score says neither that nothing is wrong nor that no
  help is needed.
- 敏感信息：金融账户、医疗健康、未成年人。/ Sensitive: accounts, health, children.
- 其他影响 / other effects：{OPEN}

尚未证明或不成立的条件 / not shown or not held:

{open_gates}

## 三、保护措施是否合法、有效、与风险相适应 / Safeguards

- {NOT_FOR[0].replace(chr(10), "")}
- 未知一律按有利于家庭计；残疾、疾病、年龄和供养从不抬高风险。/ Unknown counts in the family's favour;
  disability, illness, age and dependants never raise a risk.
- 每个理由写明部门、日期与身份匹配把握；家庭可要求说明并提出异议。/ Every reason names department,
  date and match; a family may ask and object.
- 长期保留随机抽查，用于检验准确与公平。/ A permanent random arm measures accuracy and fairness.
- 访问控制、日志与保存期限 / access, logs, retention：{OPEN}

结论与签字 / conclusion and signatures：{OPEN}
"""


def _data(bundle: Bundle) -> str:
    """Departments, tables and planes that the features rest on."""
    seen: dict[str, set[str]] = {}
    for feature in bundle.features:
        for name in feature.sources:
            seen.setdefault(name, set()).add(
                CATALOGUE[feature.name].plane.value if feature.name in CATALOGUE else "?"
            )
    rows = [
        (
            "{} / {}".format(*DEPARTMENTS[SOURCES[name].department]),
            f"{SOURCES[name].zh} / {SOURCES[name].en}",
            "；".join(PLANES.get(plane, plane) for plane in sorted(planes)),
        )
        for name, planes in seen.items()
    ]
    return table(("部门 / department", "数据 / data", "数据面 / plane"), rows)


def _false(found: Found) -> str:
    value = found["precision_at_capacity"]["value"]
    return "—" if value is None else f"{100 * (1 - value):.0f}"
