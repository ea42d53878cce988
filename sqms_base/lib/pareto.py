"""The few that make up most of it (Pareto): rows by size with cumulative shares that end at 100 % exactly."""

from itertools import accumulate

VITAL = 80  # percent; the rows up to here are the vital few


def pareto(rows, most=None, other=None):
    """Sort rows by size and add them up.

    1. The largest first; equals by label, then in the order in which they came.
    2. Of more than `most` rows the smallest are put together as one, which stays last however large it becomes.
    3. The cumulative share never falls and ends at 100.0 exactly. Without anything to share out there is no row.

    :param rows: `[(key, label, value), ...]`, values of zero or more in one unit; rows of zero are left out
    :param most: so many rows at most, the one of the rest included (2 or more); None: all
    :param other: its label
    :return: dicts with "key", "label", "value", "share" and "cumulative" (percent), "vital" (one of those that
        together reach 80 %), and "count", how many rows it stands for; the rest has the key None and "keys"
    :raise ValueError: a value below zero

    >>> [(row["label"], row["cumulative"]) for row in pareto([(1, "a", 1), (2, "b", 3)])]
    [('b', 75.0), ('a', 100.0)]
    >>> [(row["label"], row["value"]) for row in pareto([(n, str(n), n) for n in range(1, 5)], 3, "other")]
    [('4', 4), ('3', 3), ('other', 3)]
    >>> pareto([(1, "a", 0)])
    []
    >>> pareto([(1, "a", -1)])
    Traceback (most recent call last):
    ValueError: nothing below zero can be shared out: a
    """
    for _key, label, value in rows:
        if not value >= 0:
            raise ValueError(f"nothing below zero can be shared out: {label}")
    kept = sorted((row for row in rows if row[2]), key=lambda row: (-row[2], str(row[1])))
    found = [{"key": key, "label": label, "value": value, "count": 1} for key, label, value in kept]
    if most and len(found) > most:
        rest = found[most - 1 :]
        found = [
            *found[: most - 1],
            {
                "key": None,
                "keys": [row["key"] for row in rest],
                "label": other or "",
                "value": sum(row["value"] for row in rest),
                "count": len(rest),
            },
        ]
    sums = list(accumulate(row["value"] for row in found))
    before = 0
    for row, reached in zip(found, sums, strict=True):
        # Divided by the very sum that the last row reaches, so that the end is 100 without rounding.
        row["share"] = 100.0 * row["value"] / sums[-1]
        row["cumulative"] = 100.0 * (reached / sums[-1])
        row["vital"] = before < VITAL and row["key"] is not None
        before = row["cumulative"]
    return found
