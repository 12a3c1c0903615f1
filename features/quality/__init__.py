"""How good the departments' data are on a date: by department, street and month, and what to mend first."""
