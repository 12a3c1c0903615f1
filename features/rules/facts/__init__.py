"""The facts rules use, one row a household, recomputed exactly from the rows known on a date."""
