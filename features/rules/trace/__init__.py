"""A household's computation line by line, from the judge's own intermediates, and one page a family can read.

    steps   the judge's facts of a household, of each member, and each kind of a member's income: expressions
    lines   those values put into order, each with its source, dates and article; nothing is computed here
    page    the lines on one sheet of A4

Only households on file have one: of a family that never applied there is no computation to explain.
"""
