"""From files as departments deliver them to typed rows, with everything unfit set aside and told."""
