"""Is it still true? Drift, freshness and outcomes of each month, against what training saw."""
