"""Identity numbers (GB 11643) and unified social credit codes (GB 32100) with valid check characters.

The area codes 990102 and 990123 were never assigned, so these numbers belong to nobody.
"""

import numpy as np

ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
ID_CHECK = np.array(list("10X98765432"))
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = np.array([3**power % 31 for power in range(17)])


def id_numbers(
    area: np.ndarray,
    born_on: np.ndarray,
    female: np.ndarray,
    order: np.ndarray,
    block: int = 0,
    blocks: int = 1,
) -> np.ndarray:
    """18-character numbers: six-digit area, birthday, a running number (even for women), check character.

    `order` draws the running number; people of one area, birthday and sex get different ones, also those of
    a city's different blocks. ValueError where there are more of them than numbers.
    """
    day = born_on.astype("datetime64[D]")
    year = day.astype("datetime64[Y]").astype(int) + 1970
    month = day.astype("datetime64[M]").astype(int) % 12 + 1
    in_month = (day - day.astype("datetime64[M]")).astype(int) + 1
    birthday = year * 10_000 + month * 100 + in_month
    running = _running(area.astype(int) * 10**8 + birthday, female, order, block, blocks)
    number = area.astype(np.int64) * 10**11 + birthday.astype(np.int64) * 1000 + running
    digits = number[:, None] // 10 ** np.arange(16, -1, -1, dtype=np.int64)[None, :] % 10
    check = ID_CHECK[(digits * ID_WEIGHTS).sum(axis=1) % 11]
    return np.char.add(number.astype(str), check)


def _running(group: np.ndarray, female: np.ndarray, order: np.ndarray, block: int, blocks: int) -> np.ndarray:
    """Running number 000-999 within (area, birthday), odd for men: a rank from a shifted start."""
    key = group * 2 + female
    sorting = np.lexsort((order, key))
    ordered = key[sorting]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    rank = np.arange(len(key)) - np.repeat(starts, np.diff(np.r_[starts, len(key)]))
    rank = rank * blocks + block
    if rank.max() >= 500:
        raise ValueError("more people of one area, birthday and sex than running numbers; make fewer")
    result = np.empty(len(key), dtype=np.int64)
    result[sorting] = (ordered * 7919 % 400 + rank) % 500 * 2 + 1 - ordered % 2
    return result


def credit_codes(region: str, serial: np.ndarray, company: np.ndarray) -> np.ndarray:
    """18-character codes: 91 (company) or 92 (individual business), region, serial, check character."""
    body = [
        f"{91 if is_company else 92}{region}MA{number:07d}"
        for number, is_company in zip(serial.tolist(), company.tolist(), strict=True)
    ]
    values = np.array([[USCC_ALPHABET.index(c) for c in text] for text in body], dtype=int).reshape(-1, 17)
    check = (31 - (values * USCC_WEIGHTS).sum(axis=1) % 31) % 31
    return np.array([text + USCC_ALPHABET[c] for text, c in zip(body, check.tolist(), strict=True)])
