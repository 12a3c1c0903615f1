"""Other parameters tried on the households there are: who would gain, lose or change, where and at what cost.

    proposal  the files given, in the place of those in force (`features.replay.proposal`)
    run       the real rules on the real rows, once for each set of values (`features.replay.run`)
    changes   what became of each household (`features.replay.changes`)
    linked    what a household has besides because it is on dibao (`features.replay.linked`)
    report    counts and money by street, as plain values (`features.replay.report`)

Nothing is changed anywhere: what is computed lives in the engine's memory and ends with it.
"""
