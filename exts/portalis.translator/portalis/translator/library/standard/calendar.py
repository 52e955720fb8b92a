"""`calendar`: what is asked of years and months."""

from __future__ import annotations

import sys
from enum import IntEnum

from portalis.translator.library.intrinsics import guard
from portalis.translator.library.standard._dates import _days_before, _days_in, _is_leap

if sys.version_info >= (3, 12):

    class Day(IntEnum):
        MONDAY = 0
        TUESDAY = 1
        WEDNESDAY = 2
        THURSDAY = 3
        FRIDAY = 4
        SATURDAY = 5
        SUNDAY = 6

    MONDAY = Day.MONDAY
    TUESDAY = Day.TUESDAY
    WEDNESDAY = Day.WEDNESDAY
    THURSDAY = Day.THURSDAY
    FRIDAY = Day.FRIDAY
    SATURDAY = Day.SATURDAY
    SUNDAY = Day.SUNDAY

    def _day(number):
        return Day(number)

else:
    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6

    def _day(number):
        return number


def isleap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def leapdays(y1, y2):
    y1, y2 = y1 - 1, y2 - 1
    return (y2 // 4 - y1 // 4) - (y2 // 100 - y1 // 100) + (y2 // 400 - y1 // 400)


def weekday(year, month, day):
    if not 1 <= year <= 9999:
        year = 2000 + year % 400
    if not 1 <= month <= 12:
        raise ValueError("month must be in 1..12")
    if not 1 <= day <= _days_in(year, month):
        raise ValueError("day is out of range for month")
    return _day((_days_before(year, month) + day + 6) % 7)


def monthrange(year, month):
    if not 1 <= month <= 12:
        guard("a month that there is not")
    return weekday(year, month, 1), 29 if month == 2 and _is_leap(year) else _days_in(2001, month)
