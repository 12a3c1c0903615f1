"""Households and members of the resident register in plain pandas: everybody, as discovery sees them.

What `peer_pandas_people` is to the households on file. It imports nothing of the product.
"""

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peer_pandas_people import (
    AGREES,
    Given,
    age,
    first_of,
    households,
    listed,
    named_households,
    names_ever,
    residents,
)

PLACES = ["hukou_region_code", "residence_region_code", "residence_address"]


def registered(given: Given) -> pd.DataFrame:
    """The resident register known on the date, one row a person, `alive` beside it."""
    rows = residents(given, None, "hukou_household_no", "died_or_cancelled_on")
    died = rows["died_or_cancelled_on"]
    return rows.assign(alive=died.isna() | (died > given.as_of))


def registered_households(given: Given, register: pd.DataFrame) -> pd.DataFrame:
    """Hukou households with somebody alive, placed where the oldest lives; as `households` gives them."""
    people = register[register["alive"] & register["hukou_household_no"].notna()]
    people = people[["hukou_household_no", "born_on", "person_id", *PLACES]].copy()
    people.loc[people["born_on"].isna(), PLACES] = None
    people = people.sort_values(["born_on", "person_id"])
    oldest = people.groupby("hukou_household_no", sort=False)[PLACES].first().reset_index()
    districts = {name.split("_")[1] for name in given.values if name.startswith("standard_")}
    home, hukou = oldest["residence_region_code"], oldest["hukou_region_code"]
    region = home.where(home.str[:6].isin(districts), hukou)
    filed = households(given)
    members = listed(given, filed)
    members = register[register["person_id"].isin(members.loc[members["is_member"], "person_id"])]
    rows = oldest.assign(
        number=oldest["hukou_household_no"],
        address=oldest["residence_address"],
        region_code=region,
        urban_rural=sides(given, region),
        in_programme=oldest["hukou_household_no"].isin(
            members.loc[members["alive"], "hukou_household_no"].dropna()
        ),
        authorised=False,
    )
    return named_households(given, rows)


def sides(given: Given, region: pd.Series) -> Any:
    """Urban or rural as most households on file of the street are, else of the district; else urban."""
    filed = given.register("household_register", ["household_no", "region_code", "urban_rural", "row_number"])
    filed = first_of(filed, "household_no")
    # A household that does not say its side speaks for neither.
    rural = (filed["urban_rural"] == "rural").astype(float).where(filed["urban_rural"].notna())
    street, district = (rural.groupby(filed["region_code"].str[:end]).mean() for end in (9, 6))
    share = region.str[:9].map(street).fillna(region.str[:6].map(district))
    return np.where(share > 0.5, "rural", "urban")


def registered_people(
    given: Given, register: pd.DataFrame, homes: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Members of these households as `people` gives them; and the names ever known."""
    rows = register.merge(homes[["hukou_household_no", "home"]], on="hukou_household_no")
    rows = rows.rename(columns={"name": "register_name", "alive": "is_member"})
    rows = rows.assign(confidence=AGREES, age=age(given, rows["born_on"]))
    return rows, names_ever(given, None)
