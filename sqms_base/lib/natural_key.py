import re

WIDTH = 6
PART = re.compile(r"\d+|\D+")


def natural_key(number):
    """A key by which clause numbers sort as people count: 4.2 before 4.10, digits before letters.

    Each run of digits is filled up with zeros; a run longer than %d digits stays as it is. Letters are compared
    without regard to case.

    >>> sorted(["4.10", "4.2", "A.6", "10", "4"], key=natural_key)
    ['4', '4.2', '4.10', '10', 'A.6']
    >>> natural_key("CPL-24") < natural_key("cpl-109")
    True
    >>> natural_key(None)
    ''
    """
    return "".join(part.zfill(WIDTH) if part.isdigit() else part.lower() for part in PART.findall(number or ""))


natural_key.__doc__ %= WIDTH
