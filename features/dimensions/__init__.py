"""The sides of a household, one file each; importing this package declares every feature.

A new side: add its file and a line here; the order is that of `features.declaration.SIDES`, because a
feature made of others may only name features declared before it.
"""

# isort: off
from features.dimensions import composition
from features.dimensions import income
from features.dimensions import property
from features.dimensions import business
from features.dimensions import health
from features.dimensions import education
from features.dimensions import employment
from features.dimensions import housing
from features.dimensions import benefits
from features.dimensions import change

# isort: on

MODULES = (
    composition,
    income,
    property,
    business,
    health,
    education,
    employment,
    housing,
    benefits,
    change,
)
