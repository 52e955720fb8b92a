"""The Gregorian calendar, and dates and times as text."""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def _is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in(year, month):
    return 29 if month == 2 and _is_leap(year) else _LENGTHS[month - 1]


def _days_before(year, month):
    """Return how many days lie before a month, since the first of January of the year 1."""
    past = year - 1
    leap = 1 if month > 2 and _is_leap(year) else 0
    return past * 365 + past // 4 - past // 100 + past // 400 + _BEFORE[month - 1] + leap


def _date_of(ordinal):
    """Return the year, month and day that have this number, the first day of the year 1 having 1."""
    year = min(max((ordinal * 400 - 1) // 146097 + 1, 1), 9999)
    while _days_before(year, 1) >= ordinal:
        year -= 1
    while year < 9999 and _days_before(year + 1, 1) < ordinal:
        year += 1
    month = 1
    while month < 12 and _days_before(year, month + 1) < ordinal:
        month += 1
    return year, month, ordinal - _days_before(year, month)


def _first_week(year):
    """Return the number of the Monday that begins a year's first week: the one that has four days of it."""
    first = _days_before(year, 1) + 1
    weekday = (first + 6) % 7
    return first - weekday if weekday <= 3 else first - weekday + 7


def _iso_week(ordinal, year):
    start = _first_week(year)
    if ordinal < start:
        year -= 1
        start = _first_week(year)
    elif ordinal >= _first_week(year + 1):
        year += 1
        start = _first_week(year)
    return year, (ordinal - start) // 7 + 1, (ordinal - start) % 7 + 1


def _two(number):
    return f"{number:02d}"


def _formatted(format, ordinal, year, month, day, hour, minute, second, microsecond):
    """Return what strftime makes of a format in the C locale."""
    weekday, in_year = (ordinal + 6) % 7, ordinal - _days_before(year, 1)
    found = []
    place = 0
    while place < len(format):
        letter = format[place]
        place += 1
        if letter != "%" or place == len(format):
            if letter == "%" or letter == "\0" or not letter.isascii():
                guard("a format of strftime that depends on the platform")
            found.append(letter)
            continue
        letter = format[place]
        place += 1
        found.append(_field(letter, weekday, in_year, ordinal, year, month, day, hour, minute, second, microsecond))
    return "".join(found)


def _field(letter, weekday, in_year, ordinal, year, month, day, hour, minute, second, microsecond):
    if letter == "Y":
        return _year(year)
    if letter == "m":
        return _two(month)
    if letter == "d":
        return _two(day)
    if letter == "H":
        return _two(hour)
    if letter == "M":
        return _two(minute)
    if letter == "S":
        return _two(second)
    if letter == "f":
        return f"{microsecond:06d}"
    if letter == "y":
        return _two(year % 100)
    if letter == "B":
        return _MONTHS[month - 1]
    if letter == "b" or letter == "h":
        return _MONTHS[month - 1][:3]
    if letter == "A":
        return _DAYS[weekday]
    if letter == "a":
        return _DAYS[weekday][:3]
    if letter == "j":
        return f"{in_year:03d}"
    if letter == "I":
        return _two((hour + 11) % 12 + 1)
    if letter == "p":
        return "AM" if hour < 12 else "PM"
    if letter == "w":
        return str((weekday + 1) % 7)
    if letter == "u":
        return str(weekday + 1)
    if letter == "U":
        return _two((in_year + 6 - (weekday + 1) % 7) // 7)
    if letter == "W":
        return _two((in_year + 6 - weekday) // 7)
    if letter == "V":
        return _two(_iso_week(ordinal, year)[1])
    if letter == "G":
        return _year(_iso_week(ordinal, year)[0])
    if letter == "e":
        return f"{day:2d}"
    if letter == "D" or letter == "x":
        return f"{_two(month)}/{_two(day)}/{_two(year % 100)}"
    if letter == "F":
        return f"{_year(year)}-{_two(month)}-{_two(day)}"
    if letter == "T" or letter == "X":
        return f"{_two(hour)}:{_two(minute)}:{_two(second)}"
    if letter == "R":
        return f"{_two(hour)}:{_two(minute)}"
    if letter == "c":
        return f"{_DAYS[weekday][:3]} {_MONTHS[month - 1][:3]} {day:2d} {_two(hour)}:{_two(minute)}:{_two(second)} {_year(year)}"
    if letter == "n":
        return "\n"
    if letter == "t":
        return "\t"
    if letter == "%":
        return "%"
    guard("a directive of strftime that has no translation")
    return ""


def _year(year):
    if year < 1000:
        guard("strftime of a year before 1000, which depends on the platform")
    return str(year)


def _digits(text, start, count):
    """Return the number that so many ASCII digits are, or -1."""
    if start + count > len(text):
        return -1
    found = 0
    for place in range(start, start + count):
        if not "0" <= text[place] <= "9":
            return -1
        found = found * 10 + ord(text[place]) - 48
    return found


def _iso_date(text):
    """Return the year, month and day that a text begins with, and where they end."""
    year, month, day, end = _digits(text, 0, 4), -1, -1, 8
    if len(text) > 4 and (text[4] == "W" or text[4:6] == "-W"):
        guard("a date by its week")
    if len(text) > 4 and text[4] == "-":
        month, day, end = _digits(text, 5, 2), _digits(text, 8, 2), 10
        if len(text) > 7 and text[7] != "-":
            day = -1
    else:
        month, day = _digits(text, 4, 2), _digits(text, 6, 2)
    if not text.isascii():
        guard("a date in characters beyond ASCII")
    if year < 0 or month < 0 or day < 0:
        raise ValueError(f"Invalid isoformat string: {text!r}")
    return year, month, day, end


def _iso_time(text, start, whole):
    """Return the hour, minute, second and microsecond that a text ends with."""
    if not text.isascii():
        guard("a time in characters beyond ASCII")
    length = len(text) - start
    if length not in (2, 5, 8, 12, 15):
        guard("a time in a form other than HH:MM:SS.ffffff")
    for place in (2, 5):
        if length > place and text[start + place] != ":":
            guard("a time in a form other than HH:MM:SS.ffffff")
    if length > 8 and text[start + 8] != ".":
        guard("a time in a form other than HH:MM:SS.ffffff")
    hour = _digits(text, start, 2)
    minute = _digits(text, start + 3, 2) if length > 2 else 0
    second = _digits(text, start + 6, 2) if length > 5 else 0
    part = 0
    if length > 8:
        part = _digits(text, start + 9, 3) * 1000 if length == 12 else _digits(text, start + 9, 6)
    if hour < 0 or minute < 0 or second < 0 or part < 0:
        raise ValueError(f"Invalid isoformat string: {whole!r}")
    return hour, minute, second, part


def _numbers(letter):
    """Return the least and greatest number of a directive of strptime, and the most digits that it takes; how many it needs."""
    if letter == "Y":
        return 0, 9999, 4, 4
    if letter == "m":
        return 1, 12, 2, 1
    if letter == "d":
        return 1, 31, 2, 1
    if letter == "H":
        return 0, 23, 2, 1
    if letter == "I":
        return 1, 12, 2, 1
    if letter == "M":
        return 0, 59, 2, 1
    if letter == "S":
        return 0, 61, 2, 1
    if letter == "y":
        return 0, 99, 2, 2
    if letter == "j":
        return 1, 366, 3, 1
    return 0, 999999, 6, 1


def _matched(text, at, format, place, found):
    """Match a format from a place on, taking as many digits as can be; return where that ends, or -1. What is found is by letter."""
    if place == len(format):
        return at
    letter = format[place]
    if letter.isspace():
        while place < len(format) and format[place].isspace():
            place += 1
        last = at
        while last < len(text) and text[last].isspace():
            last += 1
        while last > at:
            end = _matched(text, last, format, place, found)
            if end >= 0:
                return end
            last -= 1
        return -1
    if letter != "%":
        if at < len(text) and text[at].lower() == letter.lower():
            return _matched(text, at + 1, format, place + 1, found)
        return -1
    if place + 1 == len(format):
        raise ValueError(f"stray % in format {format!r}")
    letter = format[place + 1]
    if letter == "%":
        return _matched(text, at + 1, format, place + 2, found) if text[at : at + 1] == "%" else -1
    if letter in found:
        guard("a directive that stands twice in a format of strptime")
    if letter in "bBaAp":
        return _name_matched(text, at, format, place, found, letter)
    if letter not in "YmdHIMSyjf":
        guard("a directive of strptime that has no translation")
    least, most, digits, needed = _numbers(letter)
    if letter == "d" and text[at : at + 1] == " ":
        at, digits = at + 1, 1
    for count in range(digits, needed - 1, -1):
        value = _digits(text, at, count)
        # A month and a day of two digits may begin with 0, one digit may not be it.
        if value >= least and value <= most:
            end = _matched(text, at + count, format, place + 2, found)
            if end >= 0:
                found[letter] = value * 10 ** (6 - count) if letter == "f" else value
                return end
    return -1


def _name_matched(text, at, format, place, found, letter):
    names = ("AM", "PM") if letter == "p" else _MONTHS if letter in "bB" else _DAYS
    for number in range(len(names)):
        name = names[number] if letter in "BAp" else names[number][:3]
        if text[at : at + len(name)].lower() == name.lower():
            end = _matched(text, at + len(name), format, place + 2, found)
            if end >= 0:
                found[letter] = number
                return end
    return -1


def _parsed(text, format):
    """Return the year, month, day, hour, minute, second and microsecond that strptime reads."""
    if not text.isascii() or not format.isascii():
        guard("a time in characters beyond ASCII")
    found = {"": 0}
    end = _matched(text, 0, format, 0, found)
    if end < 0:
        raise ValueError(f"time data {text!r} does not match format {format!r}")
    if end != len(text):
        raise ValueError(f"unconverted data remains: {text[end:]}")
    year = found.get("Y", 1900)
    if "y" in found:
        year = found["y"] + (2000 if found["y"] <= 68 else 1900)
    month = found["m"] if "m" in found else found["B"] + 1 if "B" in found else found.get("b", 0) + 1
    day = found.get("d", 1)
    if "j" in found:
        guard("the day of a year in strptime")
    hour = found.get("H", 0)
    if "I" in found:
        hour = found["I"] % 12 + 12 * found.get("p", 0)
    if found.get("S", 0) > 59:
        guard("a leap second")
    return year, month, day, hour, found.get("M", 0), found.get("S", 0), found.get("f", 0)
