"""What a level held is worth against a level required. No database."""

SOON_DAYS = 60

# In the order in which they need a hand. What is not in force counts as nothing held.
STANDINGS = ("missing", "revoked", "expired", "upcoming", "lower", "expiring", "valid")
FULFILLED = ("expiring", "valid")

SUCCESSORS = 2  # who meet all, for each key post
NEARLY = 75  # percent of the requirements


def gap(needed, held):
    """How much is missing, in points of progress (0 to 100).

    1. More than is needed is no gap.
    2. What is expired, revoked or not valid yet is held as 0: the whole requirement is missing.

    >>> gap(80, 50)
    30
    >>> gap(80, 100)
    0
    >>> gap(80, 0)
    80
    """
    return max(0, needed - held)


def gap_state(standing):
    """What a gap is called where training is planned: missing, expired or lower.

    A revoked certificate, and one that is not valid yet, are missing.

    >>> [gap_state(standing) for standing in STANDINGS]
    ['missing', 'missing', 'expired', 'missing', 'lower', None, None]
    """
    if standing in FULFILLED:
        return None
    return standing if standing in ("expired", "lower") else "missing"


def readiness(met, required):
    """How near somebody is to a post: ready (meets all), nearly (three quarters or all but one), else far.

    >>> readiness(4, 4), readiness(3, 4), readiness(1, 2), readiness(2, 4), readiness(0, 1)
    ('ready', 'nearly', 'nearly', 'far', 'far')
    """
    if met >= required:
        return "ready"
    if met and (required - met == 1 or 100 * met >= NEARLY * required):
        return "nearly"
    return "far"
