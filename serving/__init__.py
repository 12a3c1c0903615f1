"""Who sees what: batch scoring, the casework database, lists on paper, the HTTP service and its console."""
