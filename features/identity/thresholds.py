"""From which probability a record may speak of a person: the only place that says so.

At `VISIT` and above a record is a fact that features and rules use. From `REVIEW` up to it a caseworker is
asked; until they confirm it, the record can only become "check the record". Below `REVIEW` it stays where it
was set aside.
"""

VISIT = 0.9
REVIEW = 0.3
