"""What the law settles before any model speaks: three-valued eligibility, exact amounts, cited findings.

    judge(profile, tables, as_of, parameters, universe="on_file") -> Judgement(.judgements, .findings)

    describe(profile, tables, as_of, values, universe, keep) -> the same where the date is an expression, the
    values in force are a table (`features.parameters.in_force`) and `keep(name, table)` holds intermediates
    (names begin with `law_`): a plan compiled once for many dates, several times faster. Use it for series.

What they need
------------------
profile
    One row a household, best read back from Parquet (it is scanned more than once). Columns used:
    household_id, number, district_code, urban_rural, category, in_programme, authorised; and, where
    present, `<source>_state` and `<source>_confidence`. A source without a state column counts as
    answered. No feature column is read: amounts are recomputed exactly from rows, never from doubles.
tables
    A mapping of Ibis tables on one connection. `tables["members"]`: household_id, person_id, born_on,
    joined_on; one row a person or more; in `on_file` those who died or are in custody INCLUDED (the rules
    take them out and say so), those who left by as_of excluded (a boolean `is_member`, where the table
    has one, is honoured). For every source named in `READS[universe]`: `tables[source]` = the rows known
    on as_of, with their pseudonym columns and received_on; empty where nothing was delivered. Rows of
    plane A of households without a valid authorisation are left out here as well.

`READS["register"]` holds plane-B sources only; a test proves it.
"""

from features.rules.facts.assemble import READS
from features.rules.judgement import Judgement, describe, judge
from features.rules.listed import RULES, STATUSES

__all__ = ["READS", "RULES", "STATUSES", "Judgement", "describe", "judge"]
