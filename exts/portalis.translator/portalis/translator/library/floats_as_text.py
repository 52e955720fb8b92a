"""repr(float) and float(text)."""

from __future__ import annotations

from portalis.translator.library.characters import is_blank
from portalis.translator.library.decimals import append_digits, exceeds_middle, no_digits, without_leading_zeros
from portalis.translator.library.intrinsics import (
    from_bits,
    guard,
    int_to_float,
    list_get,
    text_code,
    text_of_codes,
    to_bits,
)
from portalis.translator.library.quoting import quoted
from portalis.translator.library.shortest import WORD_63, nearest_bits, shortest_digits

INFINITY = 1e400
# No middle between two floats has more digits.
MOST_DIGITS = 800
# Exponents beyond these are no longer counted exactly: whatever the digits are, they give zero or infinity.
FAR = 1000000


def text_of_float(value: float) -> str:
    """Return repr(value)."""
    if value != value:
        return "nan"
    if value == INFINITY:
        return "inf"
    if value == -INFINITY:
        return "-inf"
    if value == 0.0:
        return "0.0" if to_bits(value) == 0 else "-0.0"
    found, power = shortest_digits(to_bits(value) & WORD_63)
    digits = digits_of_int(found)
    codes: list[int] = []
    if value < 0.0:
        codes.append(45)
    point = len(digits) + power
    if -4 < point <= 16:
        append_plain(codes, digits, point)
    else:
        append_scientific(codes, digits, point - 1, 101, False)
    return text_of_codes(codes)


def digits_of_int(value: int) -> list[int]:
    """Return the decimal digits of a positive int below 10**18."""
    digits = no_digits()
    append_digits(digits, value, 18)
    return without_leading_zeros(digits)


def append_plain(codes: list[int], digits: list[int], point: int) -> None:
    """Append digits around a point, with at least one on each side of it."""
    if point <= 0:
        codes.append(48)
        codes.append(46)
        for _ in range(-point):
            codes.append(48)
        for place in range(len(digits)):
            codes.append(48 + list_get(digits, place))
        return
    for place in range(point if point > len(digits) else len(digits)):
        if place == point:
            codes.append(46)
        codes.append(48 + list_get(digits, place) if place < len(digits) else 48)
    if point >= len(digits):
        codes.append(46)
        codes.append(48)


def append_scientific(codes: list[int], digits: list[int], exponent: int, letter: int, pointed: bool) -> None:
    """Append digits with an exponent of at least two digits; `pointed`: with a point after a single digit, too."""
    codes.append(48 + list_get(digits, 0))
    if pointed or len(digits) > 1:
        codes.append(46)
    for place in range(1, len(digits)):
        codes.append(48 + list_get(digits, place))
    codes.append(letter)
    codes.append(45 if exponent < 0 else 43)
    size = -exponent if exponent < 0 else exponent
    if size >= 100:
        codes.append(48 + size // 100)
    codes.append(48 + size // 10 % 10)
    codes.append(48 + size % 10)


def no_float(text: str) -> str:
    """Return what ValueError says of a text that writes no number."""
    return "could not convert string to float: " + quoted(text)


def float_of_text(text: str) -> float:
    """Return float(text)."""
    start = 0
    stop = len(text)
    while start < stop and is_blank(text_code(text, start)):
        start += 1
    while stop > start and is_blank(text_code(text, stop - 1)):
        stop -= 1
    negative = False
    if start < stop and (text_code(text, start) == 43 or text_code(text, start) == 45):
        negative = text_code(text, start) == 45
        start += 1
    if start == stop:
        raise ValueError(no_float(text))
    value = named_or_read(text, start, stop)
    return -value if negative else value


def named_or_read(text: str, start: int, stop: int) -> float:
    """Return the number without a sign that a part of a text writes, infinity and NaN by their names."""
    letter = text_code(text, start)
    if letter < 58:
        return read_number(text, start, stop)
    if reads(text, start, stop, "inf") or reads(text, start, stop, "infinity"):
        return INFINITY
    if not reads(text, start, stop, "nan"):
        if letter >= 128:
            guard("float() of a text with digits beyond ASCII")
        raise ValueError(no_float(text))
    # The NaN of CPython, not one that an operation of the machine gives.
    return from_bits(9221120237041090560)


def reads(text: str, start: int, stop: int, word: str) -> bool:
    """Tell whether a part of a text is a word of small letters, in any case."""
    if stop - start != len(word):
        return False
    place = 0
    while place < len(word) and text_code(text, start + place) | 32 == text_code(word, place):
        place += 1
    return place == len(word)


def read_number(text: str, start: int, stop: int) -> float:
    """Return the number that digits, a point and an exponent write."""
    digits = no_digits()
    power = 0
    read = 0
    cut = False
    pointed = False
    place = start
    after_digit = False
    while place < stop:
        code = text_code(text, place)
        if 48 <= code <= 57:
            read += 1
            after_digit = True
            if pointed:
                power -= 1
            if len(digits) < MOST_DIGITS:
                if code > 48 or len(digits) > 0:
                    digits.append(code - 48)
            else:
                power += 1
                cut = cut or code > 48
        elif code == 46 and not pointed:
            pointed = True
            after_digit = False
        elif code == 95 and after_digit and place + 1 < stop and 48 <= text_code(text, place + 1) <= 57:
            after_digit = False
        elif code | 32 == 101 and read > 0:
            break
        else:
            if code >= 128:
                guard("float() of a text with digits beyond ASCII")
            raise ValueError(no_float(text))
        place += 1
    if read == 0:
        raise ValueError(no_float(text))
    if place < stop:
        power += read_exponent(text, place + 1, stop)
    if cut:
        # Less than one more in the last place: no middle between two floats is that near, however many digits there are.
        digits.append(1)
        power -= 1
    return number_of(digits, power)


def read_exponent(text: str, start: int, stop: int) -> int:
    """Return the exponent that a part of a text writes."""
    place = start
    negative = False
    if place < stop and (text_code(text, place) == 43 or text_code(text, place) == 45):
        negative = text_code(text, place) == 45
        place += 1
    if place == stop:
        raise ValueError(no_float(text))
    total = 0
    after_digit = False
    while place < stop:
        code = text_code(text, place)
        if 48 <= code <= 57:
            if total < FAR:
                total = total * 10 + code - 48
            after_digit = True
        elif code == 95 and after_digit and place + 1 < stop:
            after_digit = False
        else:
            if code >= 128:
                guard("float() of a text with digits beyond ASCII")
            raise ValueError(no_float(text))
        place += 1
    return -total if negative else total


def number_of(digits: list[int], power: int) -> float:
    """Return the float nearest to digits * 10**power, ties to even."""
    if len(digits) == 0:
        return 0.0
    if len(digits) + power < -400:
        return 0.0
    if len(digits) + power > 400:
        return INFINITY
    leading = 0
    taken = len(digits) if len(digits) < 18 else 18
    for place in range(taken):
        leading = leading * 10 + list_get(digits, place)
    if taken == len(digits) and power == 0:
        return int_to_float(leading)
    bits, how = nearest_bits(leading, power + len(digits) - taken)
    if taken < len(digits) and how != 2:
        above, how_above = (bits, how) if leading == 999999999999999999 else nearest_bits(leading + 1, power + len(digits) - taken)
        if leading == 999999999999999999 or how_above == 2 or above + how_above != bits + how:
            how = 2
    if how == 2:
        order = exceeds_middle(digits, power, bits)
        how = 1 if order > 0 or (order == 0 and bits & 1 == 1) else 0
    return from_bits(bits + how)
