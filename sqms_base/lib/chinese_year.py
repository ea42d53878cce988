"""The public holidays and make-up working days of China as the package `chinesecalendar` knows them, when installed."""

import importlib
from typing import NamedTuple

PACKAGE = "chinesecalendar"


class UnknownYear(LookupError):
    """The package does not know this year; `args` are its version and the last year it knows."""


class Day(NamedTuple):
    """One date: `kind` is "holiday" or "workday", `name` the English name that the package gives."""

    date: object
    kind: str
    name: str


def days_of(year):
    """All holidays and make-up working days of a year, in order.

    :raises ImportError: the package is not installed
    :raises UnknownYear: it is, and does not know the year: the notice comes out each November, the package follows
    """
    package = importlib.import_module("chinese_calendar")
    days = [
        Day(date, kind, name)
        for kind, known in (("holiday", package.holidays), ("workday", package.workdays))
        for date, name in known.items()
    ]
    if found := sorted(day for day in days if day.date.year == year):
        return found
    raise UnknownYear(version(), max(day.date.year for day in days))


def version():
    """The version of the installed package.

    :raises ImportError: the package is not installed
    """
    return importlib.import_module("chinese_calendar").__version__
