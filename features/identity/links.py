"""Whose a row is that carries no usable number: candidates, Splink's weights, one probability a candidate.

The Fellegi-Sunter weights of name, number, birth date, sex, address and company (who else is known in the
same household, firm or dwelling) come from Splink with the fixed parameters below, so that the same rows give
the same links. One fact counts once: birth date and sex stand in a number too, and are compared only where
the row's number is lost; the address only with those who are not known in the row's company.

A weight alone cannot tell namesakes apart, so the candidates of one row compete with each other and with
nobody of the register being meant: probability = odds / (1 - LISTED + sum of odds over the row's candidates),
with the frequencies of this name and place among the persons known on that day in place of fixed ones. Under
another name no row is ever taken for sure.

Nothing that arrived after a row is used for it: persons, names and company are those known when it arrived.
Sources: Fellegi and Sunter 1969 (JASA 64); Splink, https://moj-analytical-services.github.io/splink/.
"""

import logging
from typing import Any

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker

from features.identity.exact import NAME_DISAGREES
from features.identity.thresholds import REVIEW

#: Share of such rows that speak of somebody in the resident register. A name alone never reaches `VISIT`.
LISTED = 0.90
#: Splink's prior; only differences of weights are used, so that its value drops out.
PRIOR = 1e-6
#: Frequencies of a name, and of being known at a place, that the weights assume. They are replaced by those
#: of each row's name and place: a large firm says less than a household.
NAME_FREQUENCY = 1e-4
PLACE_FREQUENCY = 1e-5
#: Frequency of a birth date, and of one that differs in a single digit: ages spread over eighty years.
BIRTHDAY_FREQUENCY, NEAR_BIRTHDAY_FREQUENCY = 4e-5, 8e-4
#: Characters of a number after which area and birthday are told.
BIRTHDAY_UNTIL = 14
#: More candidates than this by name alone say nothing.
MOST_NAMESAKES = 50

CANDIDATE_SCHEMA = pa.schema(
    [
        ("row_key", pa.string()),
        ("person_id", pa.string()),
        ("id_no", pa.string()),
        ("probability", pa.float64()),
        ("name_agrees", pa.bool_()),
        ("number_agrees", pa.bool_()),
        ("company_agrees", pa.bool_()),
    ]
)


def _level(condition: str, label: str, m: float, u: float) -> dict[str, Any]:
    return {"sql_condition": condition, "label_for_charts": label, "m_probability": m, "u_probability": u}


def _nothing(condition: str) -> dict[str, Any]:
    return {"sql_condition": condition, "label_for_charts": "says nothing", "is_null_level": True}


#: m: how often the level holds for the right person; u: for another person of the register.
COMPARISONS: list[dict[str, Any]] = [
    {
        "output_column_name": "name",
        "comparison_levels": [
            _nothing("name_l IS NULL OR name_r IS NULL"),
            _level("name_l = name_r", "the same name", 0.94, NAME_FREQUENCY),
            _level(
                # What is no letter could not be written, and may break no pattern.
                r"length(name_l) = length(name_r) AND regexp_matches(name_l, '[^\p{L}\p{N}]')"
                r" AND regexp_full_match(name_r, regexp_replace(name_l, '[^\p{L}\p{N}]', '.', 'g'))",
                "the same but for characters that could not be written",
                0.03,
                2 * NAME_FREQUENCY,
            ),
            _level("ELSE", "another name", 0.03, 1 - 3 * NAME_FREQUENCY),
        ],
    },
    {
        "output_column_name": "typed",
        "comparison_levels": [
            _nothing("typed_l IS NULL"),
            _level("hamming(typed_l, typed_r) <= 1", "one digit differs", 0.95, 1e-7),
            _level("hamming(typed_l, typed_r) = 2", "two digits differ", 0.02, 3e-6),
            _level("ELSE", "another number", 0.03, 1 - 3.1e-6),
        ],
    },
    {
        "output_column_name": "start",
        "comparison_levels": [
            _nothing("start_l IS NULL"),
            _level(
                f"length(start_l) >= {BIRTHDAY_UNTIL} AND starts_with(typed_r, start_l)",
                "area and birthday agree",
                0.48,
                1e-5,
            ),
            _level("starts_with(typed_r, start_l)", "the area agrees", 0.50, 0.50),
            _level("ELSE", "another area", 0.02, 0.49999),
        ],
    },
    {
        "output_column_name": "born",
        "comparison_levels": [
            _nothing(
                "born_l IS NULL OR typed_l IS NOT NULL"
                f" OR coalesce(length(start_l) >= {BIRTHDAY_UNTIL}, false)"
            ),
            _level("born_l = born_r", "the same birth date", 0.97, BIRTHDAY_FREQUENCY),
            _level("hamming(born_l, born_r) = 1", "one digit differs", 0.02, NEAR_BIRTHDAY_FREQUENCY),
            _level("ELSE", "another birth date", 0.01, 1 - BIRTHDAY_FREQUENCY - NEAR_BIRTHDAY_FREQUENCY),
        ],
    },
    {
        "output_column_name": "sex",
        "comparison_levels": [
            _nothing("sex_l IS NULL OR typed_l IS NOT NULL"),
            _level("sex_l = sex_r", "the same sex", 0.99, 0.50),
            _level("ELSE", "the other sex", 0.01, 0.50),
        ],
    },
    {
        "output_column_name": "address",
        "comparison_levels": [
            _nothing("address_l IS NULL OR address_r IS NULL OR list_contains(company_l, person_id_r)"),
            _level("address_l = address_r", "the same address", 0.75, PLACE_FREQUENCY),
            _level("ELSE", "another address", 0.25, 1 - PLACE_FREQUENCY),
        ],
    },
    {
        "output_column_name": "company",
        "comparison_levels": [
            _nothing("len(company_l) = 0"),
            _level(
                "list_contains(company_l, person_id_r)", "known in the same company", 0.60, PLACE_FREQUENCY
            ),
            _level("ELSE", "not known there", 0.40, 1 - PLACE_FREQUENCY),
        ],
    },
]

SETTINGS: dict[str, Any] = {
    "link_type": "link_only",
    "unique_id_column_name": "unique_id",
    "probability_two_random_records_match": PRIOR,
    "comparisons": COMPARISONS,
    "blocking_rules_to_generate_predictions": [
        {"blocking_rule": "l.candidates = r.candidates", "arrays_to_explode": ["candidates"]}
    ],
    "retain_matching_columns": True,
    "retain_intermediate_calculation_columns": True,
}

#: Candidates of a row: persons known by then who share half of the number, name, address, or company.
_CANDIDATES = f"""
CREATE OR REPLACE TEMP TABLE candidates AS
WITH typed AS (
    SELECT r.row_key, p.person_id FROM rows r JOIN persons p
        ON substr(r.typed, 1, 9) = substr(p.id_no, 1, 9) AND hamming(r.typed, p.id_no) <= 2
        WHERE p.first_on <= r.received_on
    UNION
    SELECT r.row_key, p.person_id FROM rows r JOIN persons p
        ON substr(r.typed, 10, 9) = substr(p.id_no, 10, 9) AND hamming(r.typed, p.id_no) <= 2
        WHERE p.first_on <= r.received_on
    UNION
    SELECT r.row_key, p.person_id FROM rows r JOIN persons p
        ON substr(r.start, 1, {BIRTHDAY_UNTIL}) = substr(p.id_no, 1, {BIRTHDAY_UNTIL})
        WHERE p.first_on <= r.received_on
), named AS (
    SELECT r.row_key, p.person_id, count(*) OVER (PARTITION BY r.row_key) AS namesakes
    FROM rows r JOIN persons p ON r.name = p.name WHERE p.first_on <= r.received_on
), home AS (
    SELECT r.row_key, p.person_id, count(*) OVER (PARTITION BY r.row_key) AS neighbours
    FROM rows r JOIN persons p ON r.address = p.address WHERE p.first_on <= r.received_on
), together AS (
    SELECT r.row_key, c.person_id FROM rows r JOIN company c ON r.place = c.place
    WHERE c.first_on <= r.received_on
)
SELECT row_key, person_id FROM typed
UNION SELECT row_key, person_id FROM named WHERE namesakes <= {MOST_NAMESAKES}
UNION SELECT row_key, person_id FROM home WHERE neighbours <= {MOST_NAMESAKES}
UNION SELECT row_key, person_id FROM together
"""

_SIDES = """
CREATE OR REPLACE TEMP TABLE splink_rows AS
SELECT r.row_key AS unique_id, r.name, r.typed, r.start, r.born, r.sex, r.address,
    CAST(NULL AS VARCHAR) AS person_id, coalesce(t.company, []) AS company,
    list_sort(list(c.person_id)) AS candidates
FROM rows r JOIN candidates c ON r.row_key = c.row_key
LEFT JOIN (
    SELECT r.row_key, list_sort(list(DISTINCT c.person_id)) AS company FROM rows r
    JOIN company c ON r.place = c.place WHERE c.first_on <= r.received_on GROUP BY ALL
) t ON t.row_key = r.row_key
GROUP BY ALL ORDER BY 1;
CREATE OR REPLACE TEMP TABLE splink_persons AS
SELECT person_id AS unique_id, name, id_no AS typed, CAST(NULL AS VARCHAR) AS start,
    substr(id_no, 7, 8) AS born,
    CASE WHEN substr(id_no, 17, 1) IN ('1', '3', '5', '7', '9') THEN 'male' ELSE 'female' END AS sex,
    address, person_id,
    CAST([] AS VARCHAR[]) AS company, [person_id] AS candidates
FROM persons WHERE person_id IN (SELECT person_id FROM candidates) ORDER BY 1
"""

#: From weights to probabilities; `known` counts the persons on the day, `namesakes` those of the row's name.
_PROBABILITIES = f"""
WITH weighed AS (
    SELECT unique_id_l AS row_key, unique_id_r AS person_id, gamma_name, gamma_typed, gamma_start,
        gamma_company, gamma_address, company_l, pow(2.0, match_weight) * (1 - {PRIOR}) / {PRIOR} AS factor
    FROM predicted
), counted AS (
    SELECT r.row_key, any_value(n.known) AS known,
        count(p.person_id) FILTER (WHERE p.first_on <= r.received_on) AS namesakes
    FROM rows r JOIN known n ON n.received_on = r.received_on LEFT JOIN persons p ON p.name = r.name
    WHERE r.row_key IN (SELECT row_key FROM weighed) GROUP BY r.row_key
), housed AS (
    SELECT r.row_key, count(*) AS neighbours FROM rows r JOIN persons p ON p.address = r.address
    WHERE p.first_on <= r.received_on GROUP BY r.row_key
), odds AS (
    SELECT w.*, {LISTED} / c.known * w.factor * CASE
        WHEN gamma_name = 2 THEN {NAME_FREQUENCY} * c.known / greatest(c.namesakes, 1) ELSE 1 END * CASE
        WHEN gamma_company = 1 THEN {PLACE_FREQUENCY} * c.known / len(company_l) ELSE 1 END * CASE
        WHEN gamma_address = 1 THEN {PLACE_FREQUENCY} * c.known / h.neighbours ELSE 1 END AS odds
    FROM weighed w JOIN counted c USING (row_key) LEFT JOIN housed h USING (row_key)
), shared AS (
    SELECT *, least(
        odds / (1 - {LISTED} + sum(odds) OVER (PARTITION BY row_key)),
        CASE WHEN gamma_name = 0 THEN {NAME_DISAGREES} ELSE 1 END) AS probability FROM odds
)
SELECT row_key, person_id, p.id_no, round(probability, 6) AS probability, gamma_name >= 1 AS name_agrees,
    (gamma_typed >= 1 OR gamma_start = 2) AS number_agrees,
    (gamma_company = 1 OR gamma_address = 1) AS company_agrees
FROM shared JOIN persons p USING (person_id) WHERE round(probability, 6) >= {REVIEW}
ORDER BY row_key, probability DESC, person_id
"""


def candidate_links(rows: pa.Table, persons: pa.Table, company: pa.Table) -> pa.Table:
    """The persons each row may be about, with probabilities from `REVIEW` up (`CANDIDATE_SCHEMA`).

    rows: row_key, received_on (date), name (comparable, null where there is none), typed (18 characters of a
    number with a fault, or null), start (the digits that are left of a number, or null), born (YYYYMMDD), sex
    (male, female) and address (comparable) where the row says so, place (what the row shares with others);
    null otherwise. persons: person_id, id_no, name, address, first_on (date from which the register knew
    them; name and address are those of that day). company: place, person_id, first_on.
    """
    connection = duckdb.connect(config={"threads": 2})
    try:
        for name, table in (("rows", rows), ("persons", persons), ("company", company)):
            connection.register(f"given_{name}", table)
            connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM given_{name}")
        connection.execute(_CANDIDATES)
        if not connection.execute("SELECT count(*) FROM candidates").fetchall()[0][0]:
            return CANDIDATE_SCHEMA.empty_table()
        connection.execute(_SIDES)
        connection.execute(
            "CREATE TEMP TABLE known AS SELECT d.received_on, count(p.person_id) AS known"
            " FROM (SELECT DISTINCT received_on FROM rows) d"
            " JOIN persons p ON p.first_on <= d.received_on GROUP BY ALL"
        )
        predicted = _predict(connection)
        connection.execute(f"CREATE TEMP VIEW predicted AS SELECT * FROM {predicted}")
        return connection.sql(_PROBABILITIES).to_arrow_table().cast(CANDIDATE_SCHEMA)
    finally:
        connection.close()


def _predict(connection: duckdb.DuckDBPyConnection) -> str:
    """Name of the table with Splink's weight of every candidate pair."""
    api = DuckDBAPI(connection)
    sides = [api.register(name) for name in ("splink_rows", "splink_persons")]
    linker = Linker(sides, SETTINGS, log_level=logging.ERROR)
    return str(linker.inference.predict().physical_name)
