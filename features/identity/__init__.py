"""Who is who: pseudonyms, identity numbers and exact matching."""
