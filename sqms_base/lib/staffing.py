"""How many people a role needs and has on a day, in full-time equivalents (FTE)."""

from typing import NamedTuple


class Post(NamedTuple):
    """What is agreed with one person from a day on: the contents of one version of the personnel record.

    :param person: whoever it is about; of one person the latest version of a day counts
    :param starts: day from which the version holds
    :param role: the job
    :param share: of a full-time post (1.0)
    :param employed_from, employed_to: first and last day of employment, or nothing when it is open
    """

    person: int
    starts: object
    role: int
    share: float
    employed_from: object = None
    employed_to: object = None


def available_on(posts, role, day):
    """FTE of a role on a day.

    >>> from datetime import date
    >>> posts = [
    ...     Post(1, date(2026, 1, 1), 7, 1.0),
    ...     Post(1, date(2026, 6, 1), 7, 0.5),
    ...     Post(2, date(2026, 1, 1), 7, 1.0, None, date(2026, 3, 31)),
    ...     Post(3, date(2026, 1, 1), 8, 1.0),
    ... ]
    >>> [available_on(posts, 7, date(2026, *day)) for day in ((3, 31), (4, 1), (6, 1))]
    [2.0, 1.0, 0.5]
    >>> available_on(posts, 7, date(2025, 12, 31))
    0.0
    """
    valid = {}
    for post in posts:
        if post.starts <= day and (post.person not in valid or post.starts >= valid[post.person].starts):
            valid[post.person] = post
    return float(
        sum(
            post.share
            for post in valid.values()
            if post.role == role
            and (not post.employed_from or post.employed_from <= day)
            and (not post.employed_to or day <= post.employed_to)
        )
    )


def needed_on(needs, day):
    """FTE that are needed on a day.

    :param needs: (from day, FTE); each holds until the next

    >>> needed_on([(3, 2.0), (1, 1.0)], 2), needed_on([(3, 2.0), (1, 1.0)], 3), needed_on([], 3)
    (1.0, 2.0, 0.0)
    """
    begun = [step for step in needs if step[0] <= day]
    return float(max(begun)[1]) if begun else 0.0


def is_short(needed, available):
    """Whether there are fewer than needed, by a hundredth of a post at least.

    >>> is_short(2.0, 1.5), is_short(2.0, 2.0), is_short(0.3, 0.1 + 0.2)
    (True, False, False)
    """
    return round(needed - available, 2) > 0


def turning_days(posts, needs, role, first, last, one_day):
    """The days on which need or availability may change, the first day included.

    :param one_day: what a day is added with (`timedelta(days=1)`)

    >>> from datetime import date, timedelta
    >>> posts = [Post(1, date(2026, 1, 1), 7, 1.0, None, date(2026, 2, 10)), Post(2, date(2026, 2, 20), 8, 1.0)]
    >>> needs = [(date(2026, 2, 5), 1.0)]
    >>> days = turning_days(posts, needs, 7, date(2026, 2, 1), date(2026, 3, 1), timedelta(days=1))
    >>> [day.day for day in days]
    [1, 5, 11]
    """
    concerned = {post.person for post in posts if post.role == role}
    days = {first, *(day for day, _fte in needs)}
    for post in posts:
        if post.person in concerned:
            days.add(post.starts)
            days.add(post.employed_from)
            days.add(post.employed_to and post.employed_to + one_day)
    return sorted(day for day in days if day and first <= day <= last)
