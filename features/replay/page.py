"""The page a bureau reads before it changes a value: one HTML file, no scripts, nothing from elsewhere."""

from datetime import date
from decimal import Decimal
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from features.parameters import Parameters
from features.parameters.choices import LINKED
from features.parameters.declared import DECLARED
from features.replay.changes import WORDS, Change
from features.replay.tables import alike, yuan
from features.sources import SOURCES


def page(told: dict[str, Any], then: Parameters) -> str:
    """The page as text; `told` is what the command's JSON says, `then` the values proposed."""
    templates = Environment(
        loader=PackageLoader("features.replay", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template("page.html.j2").render(
        told=told,
        changed=[{**row, "zh": _zh(then, row)} for row in alike(told["changed"])],
        words={change.value: WORDS[change] for change in Change},
        districts={code: region.zh for code, region in then.regions.items()},
        categories=SOURCES["household_register"].column("category").domain or {},
        linked=_linked(told, then),
        yuan=yuan,
    )


def _zh(then: Parameters, row: dict[str, Any]) -> str:
    return then.parameter(row["parameter"], row["district"]).zh if row["after"] else row["parameter"]


def _linked(told: dict[str, Any], then: Parameters) -> list[dict[str, Any]]:
    """What the localities say is linked to dibao, with its document."""
    rows = []
    for district, region in then.regions.items():
        for name, (zh, en) in LINKED.items():
            parameter = region.parameters.get(name)
            dated = parameter.at("urban", date.fromisoformat(told["law_on"])) if parameter else None
            if parameter and dated:
                rows.append(
                    {
                        "district": district,
                        "zh": zh,
                        "en": en,
                        "value": yuan(Decimal(str(dated.value))),
                        "unit": DECLARED[name].unit,
                        "reference": dated.reference or parameter.reference,
                    }
                )
    return rows
