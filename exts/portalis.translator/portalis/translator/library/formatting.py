"""What format specs say, and numbers and texts written as they say.

Characters stand as their code points, 0 for one that is left out; a width that is left out is 0, a precision -1.
"""

from __future__ import annotations

from portalis.translator.library.decimals import expanded, list_extend_with_zeros, no_digits, rounded, without_leading_zeros
from portalis.translator.library.floats_as_text import digits_of_int, number_of
from portalis.translator.library.intrinsics import copysign, fabs, guard, list_get, list_part, text_code, text_of_codes, text_part, to_bits
from portalis.translator.library.numerals import digits_of
from portalis.translator.library.rounding import round_to_digits
from portalis.translator.library.shortest import shortest_digits
from portalis.translator.library.text import append_part, codes_of

INFINITY = 1e400
MOST_WIDE = 268435456
# What stands for the type of a format spec that goes on with a minus sign, as one with a negative width does.
NEGATIVE = -2


def is_align(code: int) -> bool:
    """Tell whether a character aligns."""
    return code == 60 or code == 62 or code == 61 or code == 94


def code_at(text: str, place: int) -> int:
    """Return the code point at an offset, 0 beyond the end."""
    return text_code(text, place) if place < len(text) else 0


def number_end(text: str, start: int) -> int:
    """Return where the digits from an offset on end."""
    place = start
    while 48 <= code_at(text, place) <= 57:
        place += 1
    return place


def number_at(text: str, start: int, stop: int) -> int:
    """Return the number that digits write."""
    total = 0
    for place in range(start, stop):
        if total > MOST_WIDE:
            guard("a width or a precision beyond 2**28")
        total = total * 10 + text_code(text, place) - 48
    return total


def parsed(spec: str, right: bool) -> tuple[int, int, int, int, int, int, int, int]:
    """Return fill, align, sign, whether it is alternate, width, separator, precision and type of a format spec; the type is -1 where it
    is none that is known here, and NEGATIVE. `right`: such values are aligned to the right by themselves."""
    fill = 0
    align = 0
    place = 0
    if len(spec) > 1 and is_align(text_code(spec, 1)):
        fill = text_code(spec, 0)
        align = text_code(spec, 1)
        place = 2
    elif len(spec) > 0 and is_align(text_code(spec, 0)):
        align = text_code(spec, 0)
        place = 1
    sign = code_at(spec, place)
    if sign == 43 or sign == 45 or sign == 32:
        place += 1
    else:
        sign = 0
    alternate = 0
    if code_at(spec, place) == 35:
        alternate = 1
        place += 1
    if fill == 0 and code_at(spec, place) == 48:
        fill = 48
        if align == 0 and right:
            align = 61
        place += 1
    stop = number_end(spec, place)
    width = number_at(spec, place, stop)
    place = stop
    separator = code_at(spec, place)
    if separator == 44 or separator == 95:
        place += 1
    else:
        separator = 0
    precision = -1
    if code_at(spec, place) == 46:
        stop = number_end(spec, place + 1)
        if stop == place + 1:
            raise ValueError("Format specifier missing precision")
        precision = number_at(spec, place + 1, stop)
        place = stop
    kind = code_at(spec, place)
    if place + 1 < len(spec):
        kind = NEGATIVE if kind == 45 else -1
    return fill, align, sign, alternate, width, separator, precision, kind


def grouped(digits: list[int], separator: int, size: int, least: int) -> list[int]:
    """Return the codes of digits with a separator between groups, and zeros before them up to so many characters."""
    backwards = no_digits()
    remaining = len(digits)
    width = least
    while True:
        length = remaining if remaining > width else width
        if length < 1:
            length = 1
        if separator != 0 and length > size:
            length = size
        for _ in range(length):
            if remaining > 0:
                remaining -= 1
                backwards.append(48 + list_get(digits, remaining))
            else:
                backwards.append(48)
        width -= length
        if remaining <= 0 and width <= 0:
            break
        width -= 1
        backwards.append(separator)
    codes = no_digits()
    place = len(backwards) - 1
    while place >= 0:
        codes.append(list_get(backwards, place))
        place -= 1
    return codes


def append_codes(codes: list[int], others: list[int]) -> None:
    """Append code points."""
    for place in range(len(others)):
        codes.append(list_get(others, place))


def laid_out(
    negative: bool, prefix: str, digits: list[int], rest: list[int], fill: int, align: int, sign: int, width: int, separator: int, size: int
) -> str:
    """Return a number: sign, prefix, digits (as numbers) in groups, the codes of what follows them, padded."""
    mark = 45 if negative else sign if sign != 45 else 0
    others = len(prefix) + len(rest) + (1 if mark != 0 else 0)
    filler = fill if fill != 0 else 32
    place = align if align != 0 else 62
    whole = no_digits()
    if len(digits) > 0:
        whole = grouped(digits, separator, size, width - others if filler == 48 and place == 61 else 0)
    padding = width - others - len(whole)
    if padding < 0:
        padding = 0
    before = padding if place == 62 else padding // 2 if place == 94 else 0
    inside = padding if place == 61 else 0
    codes = no_digits()
    append_times(codes, filler, before)
    if mark != 0:
        codes.append(mark)
    append_part(codes, prefix, 0, len(prefix))
    append_times(codes, filler, inside)
    append_codes(codes, whole)
    append_codes(codes, rest)
    append_times(codes, filler, padding - before - inside)
    return text_of_codes(codes)


def append_times(codes: list[int], code: int, count: int) -> None:
    """Append a code point so many times."""
    for _ in range(count):
        codes.append(code)


def format_int(value: int, fill: int, align: int, sign: int, alternate: int, width: int, separator: int, kind: int) -> str:
    """Return format(value, spec) of an int; `kind` is none, d, b, o, x or X."""
    base = 2 if kind == 98 else 8 if kind == 111 else 16 if kind | 32 == 120 else 10
    written = digits_of(value, base, "")
    digits = no_digits()
    rest = no_digits()
    start = 1 if value < 0 else 0
    for place in range(start, len(written)):
        code = text_code(written, place)
        # What stands for a letter is a digit beyond nine: its code less that of 0.
        digits.append(code - 48 if kind != 88 or code < 97 else code - 80)
    prefix = ""
    if alternate == 1 and base != 10:
        prefix = "0b" if base == 2 else "0o" if base == 8 else "0X" if kind == 88 else "0x"
    return laid_out(value < 0, prefix, digits, rest, fill, align, sign, width, separator, 3 if base == 10 else 4)


def format_float(
    value: float, fill: int, align: int, sign: int, alternate: int, width: int, separator: int, precision: int, kind: int
) -> str:
    """Return format(value, spec) of a float; `kind` is none, e, E, f, F, g, G or %."""
    number = value * 100.0 if kind == 37 else value
    letter = 102 if kind == 37 else kind | 32 if kind != 0 else 0
    upper = 65 <= kind <= 90
    rest = no_digits()
    digits = no_digits()
    if number - number != 0.0:
        name = ("NAN" if number != number else "INF") if upper else "nan" if number != number else "inf"
        append_part(rest, name, 0, 3)
    else:
        digits = append_number(rest, fabs(number), alternate, precision, letter, 69 if upper else 101)
    if kind == 37:
        rest.append(37)
    negative = number == number and copysign(1.0, number) < 0.0
    return laid_out(negative, "", digits, rest, fill, align, sign, width, separator, 3)


def append_number(rest: list[int], value: float, alternate: int, precision: int, letter: int, exponent_letter: int) -> list[int]:
    """Return the digits before the point of a finite float that is not negative, and append the codes of what follows them."""
    count = precision if precision >= 0 else 6
    digits, point = no_digits(), 0
    dotted = letter == 0
    if dotted and precision < 0:
        if value != 0.0:
            found, power = shortest_digits(to_bits(value))
            digits = digits_of_int(found)
            point = len(digits) + power
    else:
        digits, point = expanded(value)
        if letter == 102:
            digits, point = rounded(digits, point, point + count)
        elif letter == 101:
            digits, point = rounded(digits, point, count + 1)
        else:
            count = count if count > 0 else 1
            digits, point = rounded(digits, point, count)
        if letter != 102 and len(digits) > count + (1 if letter == 101 else 0):
            digits = list_part(digits, 0, len(digits) - 1)
    if value == 0.0:
        point = 1
        digits = no_digits()
        digits.append(0)
        if letter == 101:
            list_extend_with_zeros(digits, count)
    if letter == 103 or dotted:
        kept = len(digits)
        while kept > 1 and list_get(digits, kept - 1) == 0:
            kept -= 1
        digits = list_part(digits, 0, kept)
    scientific = letter == 101
    if dotted and precision < 0:
        scientific = point <= -4 or point > 16
    elif letter == 103 or dotted:
        scientific = point <= -4 or point > count - (1 if dotted else 0)
    last = point + count if letter == 102 else len(digits)
    if (letter == 103 and alternate == 1 and count > last) or (dotted and precision >= 0 and alternate == 1 and count > last):
        last = count
    return placed(rest, digits, point, last, alternate == 1, dotted, scientific, exponent_letter)


def placed(
    rest: list[int], digits: list[int], point: int, last: int, pointed: bool, dotted: bool, scientific: bool, exponent_letter: int
) -> list[int]:
    """Return the digits before the point, and append the codes of what follows: digits up to offset `last`, and an exponent.

    `pointed`: with a point in any case; `dotted`: with one digit behind it where there is no exponent.
    """
    place = 1 if scientific else point
    stop = last
    if stop < place:
        stop = place
    if dotted and not scientific and stop < place + 1:
        stop = place + 1
    before = no_digits()
    if place <= 0:
        before.append(0)
    for offset in range(place):
        before.append(list_get(digits, offset) if offset < len(digits) else 0)
    if stop > place or pointed:
        rest.append(46)
    for offset in range(place, stop):
        rest.append(48 + (list_get(digits, offset) if 0 <= offset < len(digits) else 0))
    if scientific:
        exponent = point - 1
        rest.append(exponent_letter)
        rest.append(45 if exponent < 0 else 43)
        size = -exponent if exponent < 0 else exponent
        if size >= 100:
            rest.append(48 + size // 100)
        rest.append(48 + size // 10 % 10)
        rest.append(48 + size % 10)
    return before


def format_text(text: str, fill: int, align: int, width: int, precision: int) -> str:
    """Return format(text, spec)."""
    kept = text_part(text, 0, precision) if 0 <= precision < len(text) else text
    padding = width - len(kept)
    if padding <= 0:
        return kept
    filler = fill if fill != 0 else 32
    before = padding if align == 62 else padding // 2 if align == 94 else 0
    codes = no_digits()
    append_times(codes, filler, before)
    append_codes(codes, codes_of(kept, 0, len(kept)))
    append_times(codes, filler, padding - before)
    return text_of_codes(codes)


def one_character(text: str) -> str:
    """Return the text that %c shows."""
    if len(text) != 1:
        raise TypeError("%c requires int or char")
    return text


def rounded_float(value: float, digits: int) -> float:
    """Return round(value, digits), exactly for any number of digits."""
    magnitude = fabs(value)
    if value - value != 0.0 or value == 0.0 or digits > 323 or (magnitude >= 4503599627370496.0 and digits >= 0):
        return value
    if digits < -308:
        return copysign(0.0, value)
    if -22 <= digits <= 22 and magnitude < 1e22 and magnitude > 1e-200:
        return round_to_digits(value, digits)
    written, point = expanded(magnitude)
    count = point + digits
    if count < 0:
        return copysign(0.0, value)
    kept, after = rounded(written, point, count)
    found = number_of(without_leading_zeros(kept), after - len(kept))
    if found == INFINITY:
        raise OverflowError("rounded value too large to represent")
    return copysign(found, value)


def wrong_spec(spec: str, kind: int, name: str) -> None:
    """Raise what CPython raises of a value of a class where a width is negative; stop where it knows, or raises, anything else."""
    if kind == NEGATIVE:
        raise ValueError("Invalid format specifier '" + spec + "' for object of type '" + name + "'")
    guard("a format spec that the running program makes, and that is not known for this value")


def is_float_kind(kind: int) -> bool:
    """Tell whether a type of a format spec writes floats."""
    return kind == 37 or kind | 32 == 101 or kind | 32 == 102 or kind | 32 == 103


def format_int_by(value: int, spec: str) -> str:
    """Return format(value, spec) of an int."""
    return integral_by(value, spec, "int")


def format_bool_by(value: bool, spec: str) -> str:
    """Return format(value, spec) of a bool."""
    if len(spec) == 0:
        return "True" if value else "False"
    return integral_by(1 if value else 0, spec, "bool")


def integral_by(value: int, spec: str, name: str) -> str:
    """Return format(value, spec) of a value of a class of ints."""
    fill, align, sign, alternate, width, separator, precision, kind = parsed(spec, True)
    if is_float_kind(kind):
        return format_float(float(value), fill, align, sign, alternate, width, separator, precision, kind)
    based = kind == 98 or kind == 111 or kind == 120 or kind == 88
    if precision >= 0 or not (based or kind == 0 or kind == 100) or (based and separator == 44):
        wrong_spec(spec, kind, name)
    return format_int(value, fill, align, sign, alternate, width, separator, kind)


def format_float_by(value: float, spec: str) -> str:
    """Return format(value, spec) of a float."""
    fill, align, sign, alternate, width, separator, precision, kind = parsed(spec, True)
    if kind != 0 and not is_float_kind(kind):
        wrong_spec(spec, kind, "float")
    return format_float(value, fill, align, sign, alternate, width, separator, precision, kind)


def format_text_by(text: str, spec: str) -> str:
    """Return format(text, spec)."""
    fill, align, sign, alternate, width, separator, precision, kind = parsed(spec, False)
    if (sign == 43 or sign == 45) and separator == 0 and (kind == 0 or kind == 115):
        raise ValueError("Sign not allowed in string format specifier")
    if sign != 0 or alternate != 0 or separator != 0 or align == 61 or (kind != 0 and kind != 115):
        wrong_spec(spec, kind, "str")
    return format_text(text, fill, align, width, precision)
