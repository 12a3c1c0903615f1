"""How is a model made and judged? Cohorts, labels, fits, evaluation, and the record of each run."""
