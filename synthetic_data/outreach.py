"""Contacts with families that have no benefit: whom staff choose, and what they find."""

import numpy as np

from synthetic_data.verification import RANDOM, REPORT, ROUTINE, RULE, Selection, random_arm

CONTACTS = 110  # a month in a district of 60,000 households
RANDOM_SHARE = 0.4
RESULTS = ("eligible_applied", "eligible_declined", "not_eligible", "unreachable")
APPLIED, DECLINED, NOT_ELIGIBLE, UNREACHABLE = range(4)
CHANNELS = ("phone", "visit", "letter")


def select(
    rng: np.random.Generator,
    street: np.ndarray,
    visible_need: np.ndarray,
    impression: np.ndarray,
    scale: float,
) -> Selection:
    """Random arm by street; else the visibly needy (rule), those a worker has in mind (report), or any."""
    wanted = max(round(CONTACTS * scale), 4)
    row, probability = random_arm(rng, street, max(round(RANDOM_SHARE * wanted), 1))
    taken = np.zeros(len(street), bool)
    taken[row] = True
    rows, arms, chances = [row], [np.full(len(row), RANDOM)], [probability]
    left = max(wanted - len(row), 0)
    habits = (
        (RULE, visible_need + rng.gumbel(0, 0.9, len(street)), 0.45),
        (REPORT, impression + rng.gumbel(0, 0.8, len(street)), 0.4),
        (ROUTINE, rng.random(len(street)), 0.15),
    )
    for arm, strength, share in habits:
        order = np.argsort(-np.where(taken, -np.inf, strength), kind="stable")[: round(share * left)]
        taken[order] = True
        rows.append(order)
        arms.append(np.full(len(order), arm))
        chances.append(np.full(len(order), np.nan))
    return Selection(np.concatenate(rows), np.concatenate(arms), np.concatenate(chances))


def exact(eligible: np.ndarray, agrees: np.ndarray) -> np.ndarray:
    """Codes into RESULTS of a full audit: eligible families, once told, apply or decline."""
    return np.where(eligible, np.where(agrees, APPLIED, DECLINED), NOT_ELIGIBLE)


def recorded(truth: np.ndarray, migrant: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What workers write down: some need is missed, some doors stay closed."""
    result = truth.copy()
    result[(truth <= DECLINED) & (rng.random(len(truth)) < 0.07)] = NOT_ELIGIBLE
    result[(truth == NOT_ELIGIBLE) & (rng.random(len(truth)) < 0.01)] = DECLINED
    result[rng.random(len(truth)) < np.where(migrant, 0.25, 0.11)] = UNREACHABLE
    return result
