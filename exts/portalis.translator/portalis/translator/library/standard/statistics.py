"""`statistics`: means and deviations are exact until the last rounding, as sums of ints and of floats over a power of two are."""

from __future__ import annotations

import math
import sys

from portalis.translator.library.standard.math import fsum


class StatisticsError(ValueError):
    pass


def _parts(value):
    """Return an int and how many bits of it stand behind the point: what a finite float is exactly."""
    fraction, exponent = math.frexp(value)
    digits, exponent = int(fraction * 9007199254740992.0), exponent - 53
    if exponent >= 0:
        return digits << exponent, 0
    while digits & 1 == 0 and exponent < 0:
        digits, exponent = digits >> 1, exponent + 1
    return digits, -exponent


def _total(values):
    """Return the sum of finite values: an int and how many bits of it stand behind the point."""
    total, behind = 0, 0
    for value in values:
        if isinstance(value, float):
            digits, bits = _parts(value)
            if bits > behind:
                total, behind = total << (bits - behind), bits
            total += digits << (behind - bits)
        else:
            total += value << behind
    return total, behind


def _squares(values):
    """Return the sum of the squares of finite values in the same form."""
    total, behind = 0, 0
    for value in values:
        if isinstance(value, float):
            digits, bits = _parts(value)
            if 2 * bits > behind:
                total, behind = total << (2 * bits - behind), 2 * bits
            total += (digits * digits) << (behind - 2 * bits)
        else:
            total += (value * value) << behind
    return total, behind


def _has_float(values):
    return any(isinstance(value, float) for value in values)


def _not_finite(values):
    """Return the sum of the values that are not finite, 0.0 where there are none."""
    total = 0.0
    for value in values:
        if isinstance(value, float) and not math.isfinite(value):
            total += value
    return total


def _whole_or_ratio(top, bottom):
    """Return a ratio as an int where it is one, else the nearest float."""
    if top % bottom == 0:
        return top // bottom
    return top / bottom


def _mean_of_floats(values):
    special = _not_finite(values)
    if special != 0.0:
        return special / len(values)
    total, behind = _total(values)
    return total / (len(values) << behind)


def mean(data):
    values = list(data)
    if not values:
        raise StatisticsError("mean requires at least one data point")
    if isinstance(values[0], float):
        return _mean_of_floats(values)
    if _has_float(values):
        return _mean_of_floats(values)
    total, _ = _total(values)
    return _whole_or_ratio(total, len(values))


def fmean(data):
    values = list(data)
    total = fsum(values)
    if not values:
        raise StatisticsError("fmean requires at least one data point")
    return total / len(values)


def harmonic_mean(data):
    values = list(data)
    if not values:
        raise StatisticsError("harmonic_mean requires at least one data point")
    if len(values) == 1:
        if values[0] < 0:
            raise StatisticsError("harmonic mean does not support negative values")
        return values[0]
    inverse = []
    for value in values:
        if value < 0:
            raise StatisticsError("harmonic mean does not support negative values")
        if value == 0:
            return 0
        inverse.append(1 / value)
    special = _not_finite(inverse)
    if special != 0.0:
        if special <= 0:
            raise StatisticsError("Weighted sum must be positive")
        return len(values) / special
    total, behind = _total(inverse)
    if total <= 0:
        raise StatisticsError("Weighted sum must be positive")
    return (len(values) << behind) / total


def median(data):
    values = sorted(data)
    count = len(values)
    if count == 0:
        raise StatisticsError("no median for empty data")
    if count % 2 == 1:
        return values[count // 2]
    return (values[count // 2 - 1] + values[count // 2]) / 2


def median_low(data):
    values = sorted(data)
    count = len(values)
    if count == 0:
        raise StatisticsError("no median for empty data")
    return values[(count - 1) // 2]


def median_high(data):
    values = sorted(data)
    count = len(values)
    if count == 0:
        raise StatisticsError("no median for empty data")
    return values[count // 2]


def _counted(data):
    counts = {}
    for value in data:
        counts[value] = counts.get(value, 0) + 1
    return counts


def mode(data):
    counts = _counted(data)
    if not counts:
        raise StatisticsError("no mode for empty data")
    most = max(counts.values())
    for value, count in counts.items():
        if count == most:
            return value
    raise StatisticsError("no mode for empty data")


def multimode(data):
    counts = _counted(data)
    if not counts:
        return []
    most = max(counts.values())
    return [value for value, count in counts.items() if count == most]


def _deviations(values):
    """Return the sum of squared distances from the mean, of finite values, as a ratio of two ints."""
    count = len(values)
    total, behind = _total(values)
    squares, bits = _squares(values)
    return (count * squares << (2 * behind)) - (total * total << bits), count << (bits + 2 * behind)


def _spread(values, points):
    """Return the sum of squared distances from the mean over a number of points."""
    special = _not_finite(values)
    if special != 0.0:
        return special / points
    top, bottom = _deviations(values)
    return top / (bottom * points)


def _spread_of_any(values, points):
    if isinstance(values[0], float):
        return _spread(values, points)
    if _has_float(values):
        return _spread(values, points)
    top, bottom = _deviations(values)
    return _whole_or_ratio(top, bottom * points)


def variance(data):
    values = list(data)
    if len(values) < 2:
        raise StatisticsError("variance requires at least two data points")
    return _spread_of_any(values, len(values) - 1)


def pvariance(data):
    values = list(data)
    if not values:
        raise StatisticsError("pvariance requires at least one data point")
    return _spread_of_any(values, len(values))


def _root(top, bottom):
    """Return the float that is nearest to the square root of a ratio of two ints, the lower one not 0."""
    if top == 0:
        return 0.0
    shift = (top.bit_length() - bottom.bit_length() - 112) // 2
    if shift >= 0:
        bottom <<= 2 * shift
    else:
        top <<= -2 * shift
    root = math.isqrt(top // bottom)
    if root * root * bottom != top:
        # What is left can only show where the root lies between two floats.
        root |= 1
    if shift >= 0:
        return (root << shift) / 1
    return root / (1 << -shift)


def _deviation(values, points):
    if _not_finite(values) != 0.0:
        raise AttributeError("'float' object has no attribute 'numerator'")
    top, bottom = _deviations(values)
    return _root(top, bottom * points)


def stdev(data):
    values = list(data)
    if len(values) < 2:
        raise StatisticsError("stdev requires at least two data points")
    return _deviation(values, len(values) - 1)


def pstdev(data):
    values = list(data)
    if not values:
        raise StatisticsError("pstdev requires at least one data point")
    return _deviation(values, len(values))


if sys.version_info >= (3, 13):

    def _of_one(values, n):
        if not values:
            raise StatisticsError("must have at least one data point")
        return values * (n - 1)

else:

    def _of_one(values, n):
        raise StatisticsError("must have at least two data points")


def quantiles(data, *, n=4, method="exclusive"):
    if n < 1:
        raise StatisticsError("n must be at least 1")
    values = sorted(data)
    count = len(values)
    if count < 2:
        return _of_one(values, n)
    found = []
    if method == "inclusive":
        for part in range(1, n):
            place, rest = divmod(part * (count - 1), n)
            found.append((values[place] * (n - rest) + values[place + 1] * rest) / n)
        return found
    if method == "exclusive":
        for part in range(1, n):
            place = min(max(part * (count + 1) // n, 1), count - 1)
            rest = part * (count + 1) - place * n
            found.append((values[place - 1] * (n - rest) + values[place] * rest) / n)
        return found
    raise ValueError(f"Unknown method: {method!r}")
