"""What a certificate is beside those that a person has: there already, its renewal, or new. No database, no `self`.

1. There already is one of the same person, skill, level and days that is not revoked. A revoked one of the same days
   is not brought back by a list.
2. It renews the one that ends last of those that began earlier, end earlier and have an end, are neither revoked nor
   renewed, and are of its level or lower.
3. Anything else is new.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date


@dataclass
class Held:
    """A certificate; `id` is None while it is only a row of a sheet."""

    id: int | None
    employee_id: int
    skill_id: int
    level_id: int
    progress: int
    valid_from: date
    valid_to: date | None
    revoked_on: date | None = None
    is_renewed: bool = False
    row: int | None = None


class Chains:
    """The certificates of some people, to which others are added in the order in which they begin.

    >>> def one(year, progress=50, **more):
    ...     return Held(year, 1, 1, progress, progress, date(year, 1, 1), date(year, 12, 31), **more)
    >>> chains = Chains([one(2024, is_renewed=True), one(2025), one(2023, revoked_on=date(2023, 5, 1))])
    >>> [(state, other and other.id) for state, other in (
    ...     chains.add(one(2025)), chains.add(one(2026)), chains.add(one(2027)), chains.add(one(2023)),
    ...     chains.add(one(2028, 20)), chains.add(one(2021)))]
    [('known', 2025), ('renews', 2025), ('renews', 2026), ('revoked', 2023), ('new', None), ('new', None)]
    """

    def __init__(self, held=()):
        self._by_holder = defaultdict(list)
        for row in held:
            self._by_holder[row.employee_id, row.skill_id].append(row)

    def add(self, new):
        """What `new` is, and the certificate that makes it so; unless it is there, it counts from now on."""
        rows = self._by_holder[new.employee_id, new.skill_id]
        twins = [
            row
            for row in rows
            if (row.level_id, row.valid_from, row.valid_to) == (new.level_id, new.valid_from, new.valid_to)
        ]
        there = next((row for row in twins if not row.revoked_on), None)
        if there:
            return "known", there
        if twins:
            return "revoked", twins[0]
        before = [row for row in rows if _goes_on(row, new)]
        rows.append(new)
        if not before:
            return "new", None
        last = max(before, key=lambda row: (row.valid_to, row.valid_from))
        last.is_renewed = True
        return "renews", last


def _goes_on(old, new):
    return (
        not old.revoked_on
        and not old.is_renewed
        and old.valid_to is not None
        and old.valid_from is not None
        and old.valid_from < new.valid_from
        and (new.valid_to is None or old.valid_to < new.valid_to)
        and old.progress <= new.progress
    )
