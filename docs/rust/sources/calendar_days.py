"""Days of the Gregorian calendar."""


# Zeller's congruence: January and February count as months of the year before.
def weekday(year: int, month: int, day: int) -> int:
    """Return the day of the week, 0 for Saturday.

    >>> weekday(2024, 2, 29)
    5
    """
    if not 1 <= month <= 12:
        raise ValueError("a year has twelve months")
    if month < 3:
        month += 12
        year -= 1
    century, rest = year // 100, year % 100
    return (day + 13 * (month + 1) // 5 + rest + rest // 4 + century // 4 + 5 * century) % 7
