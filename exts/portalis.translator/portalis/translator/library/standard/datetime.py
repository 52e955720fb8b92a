"""`datetime` without time zones and without the clock: dates, times, and what lies between them."""

from __future__ import annotations

import math
from typing import NamedTuple

from portalis.translator.library.intrinsics import guard, refused
from portalis.translator.library.standard._dates import (
    _DAYS,
    _MONTHS,
    _date_of,
    _days_before,
    _days_in,
    _formatted,
    _iso_date,
    _iso_time,
    _iso_week,
    _parsed,
    _two,
)

MINYEAR = 1
MAXYEAR = 9999
_DAY = 86400000000


def _split(value, factor):
    """Return how many microseconds a number of units is: a whole number, and what is left."""
    if isinstance(value, float):
        fraction, whole = math.modf(value)
        total = int(whole) * factor
        if fraction == 0.0:
            return total, 0.0
        fraction, whole = math.modf(factor * fraction)
        return total + int(whole), fraction
    return value * factor, 0.0


def _nearest(value):
    """Return the nearest whole float, of two the one further from zero."""
    below = math.floor(abs(value))
    near = below + 1.0 if abs(value) - below >= 0.5 else below + 0.0
    return math.copysign(near, value)


def _rounded(total, left):
    """Return a whole number of microseconds with what is left; of two nearest the even one."""
    if left == 0.0:
        return total
    near = _nearest(left)
    if abs(near - left) == 0.5:
        odd = total & 1
        near = 2.0 * _nearest((left + odd) * 0.5) - odd
    return total + int(near)


def _quotient(top, bottom):
    """Return the nearest int to a ratio, of two the even one."""
    found, rest = divmod(top, bottom)
    rest *= 2
    above = rest > bottom if bottom > 0 else rest < bottom
    if above or (rest == bottom and found % 2 == 1):
        found += 1
    return found


def _span(total):
    return timedelta(0, 0, total)


class timedelta:
    def __init__(self, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0):
        total, left = _split(microseconds, 1)
        for part, rest in (
            _split(milliseconds, 1000),
            _split(seconds, 1000000),
            _split(minutes, 60000000),
            _split(hours, 3600000000),
            _split(days, _DAY),
            _split(weeks, 7 * _DAY),
        ):
            total += part
            left += rest
        total = _rounded(total, left)
        self.days = total // _DAY
        self.seconds = total % _DAY // 1000000
        self.microseconds = total % 1000000
        if not -(2**31) <= self.days < 2**31:
            raise OverflowError("Python int too large to convert to C int")
        if abs(self.days) > 999999999:
            raise OverflowError(f"days={self.days}; must have magnitude <= 999999999")

    def _total(self):
        return (self.days * 86400 + self.seconds) * 1000000 + self.microseconds

    def total_seconds(self):
        return self._total() / 1000000

    def __repr__(self):
        parts = []
        if self.days:
            parts.append(f"days={self.days}")
        if self.seconds:
            parts.append(f"seconds={self.seconds}")
        if self.microseconds:
            parts.append(f"microseconds={self.microseconds}")
        return "datetime.timedelta(" + (", ".join(parts) or "0") + ")"

    def __str__(self):
        shown = f"{self.seconds // 3600}:{_two(self.seconds // 60 % 60)}:{_two(self.seconds % 60)}"
        if self.microseconds:
            shown += f".{self.microseconds:06d}"
        if self.days:
            shown = f"{self.days} day{'' if abs(self.days) == 1 else 's'}, {shown}"
        return shown

    def __add__(self, other):
        if isinstance(other, timedelta):
            return _span(self._total() + other._total())
        return NotImplemented

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return _span(self._total() - other._total())
        return NotImplemented

    def __mul__(self, other):
        if isinstance(other, int):
            return _span(self._total() * other)
        if isinstance(other, float):
            top, bottom = other.as_integer_ratio()
            return _span(_quotient(self._total() * top, bottom))
        return NotImplemented

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        if isinstance(other, timedelta):
            return self._total() / other._total()
        if isinstance(other, int):
            return _span(_quotient(self._total(), other))
        if isinstance(other, float):
            top, bottom = other.as_integer_ratio()
            return _span(_quotient(self._total() * bottom, top))
        return NotImplemented

    def __floordiv__(self, other):
        if isinstance(other, timedelta):
            return self._total() // other._total()
        if isinstance(other, int):
            return _span(self._total() // other)
        return NotImplemented

    def __mod__(self, other):
        if isinstance(other, timedelta):
            return _span(self._total() % other._total())
        return NotImplemented

    def __neg__(self):
        return _span(-self._total())

    def __pos__(self):
        return _span(self._total())

    def __abs__(self):
        return _span(abs(self._total()))

    def __bool__(self):
        return self._total() != 0

    def __eq__(self, other):
        if isinstance(other, timedelta):
            return self._total() == other._total()
        return NotImplemented

    def __hash__(self):
        return hash((self.days, self.seconds, self.microseconds))

    def __lt__(self, other):
        if isinstance(other, timedelta):
            return self._total() < other._total()
        return NotImplemented

    def __le__(self, other):
        if isinstance(other, timedelta):
            return self._total() <= other._total()
        return NotImplemented

    def __gt__(self, other):
        if isinstance(other, timedelta):
            return self._total() > other._total()
        return NotImplemented

    def __ge__(self, other):
        if isinstance(other, timedelta):
            return self._total() >= other._total()
        return NotImplemented


def _check_sizes(values):
    """Check that ints have no more bits than CPython takes here."""
    for value in values:
        if value > 9223372036854775807 or value < -9223372036854775807 - 1:
            raise OverflowError("Python int too large to convert to C long")
        if value > 2147483647:
            raise OverflowError("signed integer is greater than maximum")
        if value < -2147483648:
            raise OverflowError("signed integer is less than minimum")


def _check_date(year, month, day):
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f"year {year} is out of range")
    if not 1 <= month <= 12:
        raise ValueError("month must be in 1..12")
    if not 1 <= day <= _days_in(year, month):
        raise ValueError("day is out of range for month")


def _check_time(hour, minute, second, microsecond):
    if not 0 <= hour <= 23:
        raise ValueError("hour must be in 0..23")
    if not 0 <= minute <= 59:
        raise ValueError("minute must be in 0..59")
    if not 0 <= second <= 59:
        raise ValueError("second must be in 0..59")
    if not 0 <= microsecond <= 999999:
        raise ValueError("microsecond must be in 0..999999")


def _shifted(ordinal):
    """Return the year, month and day of an ordinal that a computation came to."""
    if not 1 <= ordinal <= 3652059:
        raise OverflowError("date value out of range")
    return _date_of(ordinal)


class IsoCalendarDate(NamedTuple):
    year: int
    week: int
    weekday: int

    def __repr__(self):
        return f"datetime.IsoCalendarDate(year={self.year}, week={self.week}, weekday={self.weekday})"


class date:
    def __init__(self, year, month, day):
        _check_sizes((year, month, day))
        _check_date(year, month, day)
        self.year = year
        self.month = month
        self.day = day

    @staticmethod
    def fromordinal(n):
        _check_sizes((n,))
        if n < 1:
            raise ValueError("ordinal must be >= 1")
        if n > 3652059:
            guard("an ordinal beyond the year 9999")
        year, month, day = _date_of(n)
        return date(year, month, day)

    @staticmethod
    def fromisoformat(text):
        year, month, day, end = _iso_date(text)
        # CPython asks for 8 or 10 characters, and not what follows eight digits.
        if end != len(text) and (end, len(text)) != (8, 10):
            raise ValueError(f"Invalid isoformat string: {text!r}")
        return date(year, month, day)

    @staticmethod
    def today():
        refused("P0210", "`date.today` reads the clock", "pass the date or time as a parameter")

    @staticmethod
    def fromtimestamp(stamp):
        refused("P0210", "`date.fromtimestamp` depends on where it runs", "pass the date or time as a parameter")

    def toordinal(self):
        return _days_before(self.year, self.month) + self.day

    def weekday(self):
        return (self.toordinal() + 6) % 7

    def isoweekday(self):
        return (self.toordinal() + 6) % 7 + 1

    def isocalendar(self):
        return IsoCalendarDate(*_iso_week(self.toordinal(), self.year))

    def isoformat(self):
        return f"{self.year:04d}-{_two(self.month)}-{_two(self.day)}"

    def ctime(self):
        return f"{_DAYS[self.weekday()][:3]} {_MONTHS[self.month - 1][:3]} {self.day:2d} 00:00:00 {self.year:04d}"

    def strftime(self, format):
        return _formatted(format, self.toordinal(), self.year, self.month, self.day, 0, 0, 0, 0)

    def replace(self, year=None, month=None, day=None):
        return date(self.year if year is None else year, self.month if month is None else month, self.day if day is None else day)

    def __str__(self):
        return self.isoformat()

    def __repr__(self):
        return f"datetime.date({self.year}, {self.month}, {self.day})"

    def __add__(self, other):
        if isinstance(other, timedelta):
            year, month, day = _shifted(self.toordinal() + other.days)
            return date(year, month, day)
        return NotImplemented

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        if isinstance(other, timedelta):
            year, month, day = _shifted(self.toordinal() - other.days)
            return date(year, month, day)
        if isinstance(other, datetime):
            return NotImplemented
        if isinstance(other, date):
            return timedelta(self.toordinal() - other.toordinal())
        return NotImplemented

    def __eq__(self, other):
        if isinstance(other, date) and not isinstance(other, datetime):
            return self.toordinal() == other.toordinal()
        return NotImplemented

    def __hash__(self):
        return hash(self.toordinal())

    def __lt__(self, other):
        if isinstance(other, datetime):
            raise TypeError("can't compare datetime.datetime to datetime.date")
        if isinstance(other, date):
            return self.toordinal() < other.toordinal()
        return NotImplemented

    def __le__(self, other):
        if isinstance(other, datetime):
            raise TypeError("can't compare datetime.datetime to datetime.date")
        if isinstance(other, date):
            return self.toordinal() <= other.toordinal()
        return NotImplemented

    def __gt__(self, other):
        if isinstance(other, datetime):
            raise TypeError("can't compare datetime.datetime to datetime.date")
        if isinstance(other, date):
            return self.toordinal() > other.toordinal()
        return NotImplemented

    def __ge__(self, other):
        if isinstance(other, datetime):
            raise TypeError("can't compare datetime.datetime to datetime.date")
        if isinstance(other, date):
            return self.toordinal() >= other.toordinal()
        return NotImplemented


class time:
    def __init__(self, hour=0, minute=0, second=0, microsecond=0):
        _check_sizes((hour, minute, second, microsecond))
        _check_time(hour, minute, second, microsecond)
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond

    @staticmethod
    def fromisoformat(text):
        hour, minute, second, microsecond = _iso_time(text, 1 if text.startswith("T") else 0, text)
        return time(hour, minute, second, microsecond)

    def _count(self):
        return ((self.hour * 60 + self.minute) * 60 + self.second) * 1000000 + self.microsecond

    def isoformat(self):
        shown = f"{_two(self.hour)}:{_two(self.minute)}:{_two(self.second)}"
        return f"{shown}.{self.microsecond:06d}" if self.microsecond else shown

    def strftime(self, format):
        return _formatted(format, 693596, 1900, 1, 1, self.hour, self.minute, self.second, self.microsecond)

    def __str__(self):
        return self.isoformat()

    def __repr__(self):
        if self.microsecond:
            return f"datetime.time({self.hour}, {self.minute}, {self.second}, {self.microsecond})"
        if self.second:
            return f"datetime.time({self.hour}, {self.minute}, {self.second})"
        return f"datetime.time({self.hour}, {self.minute})"

    def __eq__(self, other):
        if isinstance(other, time):
            return self._count() == other._count()
        return NotImplemented

    def __hash__(self):
        return hash(self._count())

    def __lt__(self, other):
        if isinstance(other, time):
            return self._count() < other._count()
        return NotImplemented

    def __le__(self, other):
        if isinstance(other, time):
            return self._count() <= other._count()
        return NotImplemented

    def __gt__(self, other):
        if isinstance(other, time):
            return self._count() > other._count()
        return NotImplemented

    def __ge__(self, other):
        if isinstance(other, time):
            return self._count() >= other._count()
        return NotImplemented


def _moment(days, rest):
    """Return the datetime of a day's ordinal and microseconds in that day, which may be more or fewer than a day has."""
    year, month, day = _shifted(days + rest // _DAY)
    rest %= _DAY
    return datetime(year, month, day, rest // 3600000000, rest // 60000000 % 60, rest // 1000000 % 60, rest % 1000000)


class datetime(date):
    def __init__(self, year, month, day, hour=0, minute=0, second=0, microsecond=0):
        _check_sizes((year, month, day, hour, minute, second, microsecond))
        _check_date(year, month, day)
        _check_time(hour, minute, second, microsecond)
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond

    @staticmethod
    def fromordinal(n):
        _check_sizes((n,))
        if n < 1:
            raise ValueError("ordinal must be >= 1")
        if n > 3652059:
            guard("an ordinal beyond the year 9999")
        year, month, day = _date_of(n)
        return datetime(year, month, day)

    @staticmethod
    def fromisoformat(text):
        year, month, day, end = _iso_date(text)
        if end == len(text):
            return datetime(year, month, day)
        hour, minute, second, microsecond = _iso_time(text, end + 1, text)
        return datetime(year, month, day, hour, minute, second, microsecond)

    @staticmethod
    def now(tz=None):
        refused("P0210", "`datetime.now` reads the clock", "pass the date or time as a parameter")

    @staticmethod
    def today():
        refused("P0210", "`datetime.today` reads the clock", "pass the date or time as a parameter")

    @staticmethod
    def utcnow():
        refused("P0210", "`datetime.utcnow` reads the clock", "pass the date or time as a parameter")

    @staticmethod
    def fromtimestamp(stamp):
        refused("P0210", "`datetime.fromtimestamp` depends on where it runs", "pass the date or time as a parameter")

    @staticmethod
    def strptime(text, format):
        year, month, day, hour, minute, second, microsecond = _parsed(text, format)
        return datetime(year, month, day, hour, minute, second, microsecond)

    @staticmethod
    def combine(day, clock):
        return datetime(day.year, day.month, day.day, clock.hour, clock.minute, clock.second, clock.microsecond)

    def _count(self):
        return ((self.hour * 60 + self.minute) * 60 + self.second) * 1000000 + self.microsecond

    def date(self):
        return date(self.year, self.month, self.day)

    def time(self):
        return time(self.hour, self.minute, self.second, self.microsecond)

    def isoformat(self, sep="T"):
        shown = f"{self.year:04d}-{_two(self.month)}-{_two(self.day)}{sep}{_two(self.hour)}:{_two(self.minute)}:{_two(self.second)}"
        return f"{shown}.{self.microsecond:06d}" if self.microsecond else shown

    def ctime(self):
        clock = f"{_two(self.hour)}:{_two(self.minute)}:{_two(self.second)}"
        return f"{_DAYS[self.weekday()][:3]} {_MONTHS[self.month - 1][:3]} {self.day:2d} {clock} {self.year:04d}"

    def strftime(self, format):
        ordinal = self.toordinal()
        return _formatted(format, ordinal, self.year, self.month, self.day, self.hour, self.minute, self.second, self.microsecond)

    def replace(self, year=None, month=None, day=None, hour=None, minute=None, second=None, microsecond=None):
        return datetime(
            self.year if year is None else year,
            self.month if month is None else month,
            self.day if day is None else day,
            self.hour if hour is None else hour,
            self.minute if minute is None else minute,
            self.second if second is None else second,
            self.microsecond if microsecond is None else microsecond,
        )

    def __str__(self):
        return self.isoformat(" ")

    def __repr__(self):
        shown = f"{self.year}, {self.month}, {self.day}, {self.hour}, {self.minute}"
        if self.microsecond:
            shown += f", {self.second}, {self.microsecond}"
        elif self.second:
            shown += f", {self.second}"
        return f"datetime.datetime({shown})"

    def __add__(self, other):
        if isinstance(other, timedelta):
            return _moment(self.toordinal() + other.days, self._count() + other.seconds * 1000000 + other.microseconds)
        return NotImplemented

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return _moment(self.toordinal() - other.days, self._count() - other.seconds * 1000000 - other.microseconds)
        if isinstance(other, datetime):
            return timedelta(self.toordinal() - other.toordinal(), 0, self._count() - other._count())
        return NotImplemented

    def __eq__(self, other):
        if isinstance(other, datetime):
            return (self.toordinal(), self._count()) == (other.toordinal(), other._count())
        return NotImplemented

    def __hash__(self):
        return hash((self.toordinal(), self._count()))

    def __lt__(self, other):
        if isinstance(other, datetime):
            return (self.toordinal(), self._count()) < (other.toordinal(), other._count())
        if isinstance(other, date):
            raise TypeError("can't compare datetime.datetime to datetime.date")
        return NotImplemented

    def __le__(self, other):
        if isinstance(other, datetime):
            return (self.toordinal(), self._count()) <= (other.toordinal(), other._count())
        if isinstance(other, date):
            raise TypeError("can't compare datetime.datetime to datetime.date")
        return NotImplemented

    def __gt__(self, other):
        if isinstance(other, datetime):
            return (self.toordinal(), self._count()) > (other.toordinal(), other._count())
        if isinstance(other, date):
            raise TypeError("can't compare datetime.datetime to datetime.date")
        return NotImplemented

    def __ge__(self, other):
        if isinstance(other, datetime):
            return (self.toordinal(), self._count()) >= (other.toordinal(), other._count())
        if isinstance(other, date):
            raise TypeError("can't compare datetime.datetime to datetime.date")
        return NotImplemented
