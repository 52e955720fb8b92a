"""Texts as bytes and bytes as texts: encodings, hexadecimal digits, ints. Bytes are texts of the numbers 0 … 255 here.

`errors` is 0 for "strict", 1 for "ignore", 2 for "replace".
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard, shift_right_logical, text_code, text_of_codes, to_bits
from portalis.translator.library.octets import is_space
from portalis.translator.library.quoting import append_hexadecimal


def encode_below(text: str, limit: int, errors: int) -> str:
    """Return a text in an encoding whose bytes are the code points below a limit: ASCII or Latin-1."""
    codes: list[int] = []
    for place in range(len(text)):
        code = text_code(text, place)
        if code < limit:
            codes.append(code)
        elif errors == 0:
            guard("a character that the encoding lacks, for which CPython raises UnicodeEncodeError")
        elif errors == 2:
            codes.append(63)
    return text_of_codes(codes)


def encode_utf8(text: str, errors: int) -> str:
    """Return a text in UTF-8."""
    codes: list[int] = []
    for place in range(len(text)):
        code = text_code(text, place)
        if code < 128:
            codes.append(code)
        elif code < 2048:
            codes.append(192 | code >> 6)
            codes.append(128 | code & 63)
        elif 55296 <= code < 57344:
            if errors == 0:
                guard("half a surrogate pair, for which CPython raises UnicodeEncodeError")
            if errors == 2:
                codes.append(63)
        elif code < 65536:
            codes.append(224 | code >> 12)
            codes.append(128 | code >> 6 & 63)
            codes.append(128 | code & 63)
        else:
            codes.append(240 | code >> 18)
            codes.append(128 | code >> 12 & 63)
            codes.append(128 | code >> 6 & 63)
            codes.append(128 | code & 63)
    return text_of_codes(codes)


def limit_of(encoding: str) -> int:
    """Return how many code points an encoding of one byte a character has, or 0 for UTF-8."""
    codes: list[int] = []
    for place in range(len(encoding)):
        code = text_code(encoding, place)
        codes.append(code + 32 if 65 <= code <= 90 else 45 if code == 95 else code)
    name = text_of_codes(codes)
    if name == "utf-8" or name == "utf8" or name == "u8" or name == "utf":
        return 0
    if name == "ascii" or name == "us-ascii":
        return 128
    if name == "latin-1" or name == "latin1" or name == "iso-8859-1" or name == "iso8859-1":
        return 256
    guard("an encoding that is not translated, for which CPython may raise LookupError")


def encode_by(text: str, encoding: str, errors: int) -> str:
    """Return a text in an encoding that is known at run time alone."""
    limit = limit_of(encoding)
    return encode_utf8(text, errors) if limit == 0 else encode_below(text, limit, errors)


def decode_by(octets: str, encoding: str, errors: int) -> str:
    """Return the text that bytes are in an encoding that is known at run time alone."""
    limit = limit_of(encoding)
    return decode_utf8(octets, errors) if limit == 0 else decode_below(octets, limit, errors)


def decode_below(octets: str, limit: int, errors: int) -> str:
    """Return the text whose code points are bytes below a limit: ASCII or Latin-1."""
    codes: list[int] = []
    for place in range(len(octets)):
        code = text_code(octets, place)
        if code < limit:
            codes.append(code)
        elif errors == 0:
            guard("a byte that the encoding lacks, for which CPython raises UnicodeDecodeError")
        elif errors == 2:
            codes.append(65533)
    return text_of_codes(codes)


def decode_utf8(octets: str, errors: int) -> str:
    """Return the text that bytes are in UTF-8; what is wrong counts as one character as far as it could have been the beginning of one."""
    codes: list[int] = []
    place = 0
    while place < len(octets):
        first = text_code(octets, place)
        if first < 128:
            codes.append(first)
            place += 1
            continue
        wanted = length_in_utf8(first)
        taken = 1
        code = first & (31 if wanted == 2 else 15 if wanted == 3 else 7)
        while taken < wanted and place + taken < len(octets) and goes_on(first, taken, text_code(octets, place + taken)):
            code = code << 6 | text_code(octets, place + taken) & 63
            taken += 1
        if taken == wanted and wanted > 1:
            codes.append(code)
        elif errors == 0:
            guard("bytes that are no UTF-8, for which CPython raises UnicodeDecodeError")
        elif errors == 2:
            codes.append(65533)
        place += taken
    return text_of_codes(codes)


def length_in_utf8(first: int) -> int:
    """Return how many bytes a character has that begins with one beyond ASCII; 1 where none does."""
    if first < 194 or first > 244:
        return 1
    return 2 if first < 224 else 3 if first < 240 else 4


def goes_on(first: int, taken: int, code: int) -> bool:
    """Tell whether a byte may stand at a place behind the first of a character: nothing longer than it must be, no half of a pair."""
    if code < 128 or code > 191:
        return False
    if taken > 1:
        return True
    if first == 224:
        return code >= 160
    if first == 237:
        return code < 160
    if first == 240:
        return code >= 144
    return first != 244 or code < 144


def hex_0(octets: str) -> str:
    """Return octets.hex()."""
    codes: list[int] = []
    for place in range(len(octets)):
        append_hexadecimal(codes, text_code(octets, place), 2)
    return text_of_codes(codes)


def hex_1(octets: str, separator: str) -> str:
    """Return octets.hex(separator)."""
    return hex_2(octets, separator, 1)


def hex_2(octets: str, separator: str, together: int) -> str:
    """Return octets.hex(separator, together)."""
    if len(separator) != 1:
        raise ValueError("sep must be length 1.")
    if text_code(separator, 0) > 127:
        raise ValueError("sep must be ASCII.")
    if together < -2147483648 or together > 2147483647:
        raise OverflowError("Python int too large to convert to C int")
    codes: list[int] = []
    size = together if together >= 0 else -together
    for place in range(len(octets)):
        # Counted from the right where it is positive, else from the left.
        behind = len(octets) - place if together > 0 else place
        if place > 0 and size > 0 and behind % size == 0:
            codes.append(text_code(separator, 0))
        append_hexadecimal(codes, text_code(octets, place), 2)
    return text_of_codes(codes)


def digit_of(code: int) -> int:
    """Return the value of a hexadecimal digit; -1 where it is none."""
    if 48 <= code <= 57:
        return code - 48
    if 97 <= code <= 102:
        return code - 87
    return code - 55 if 65 <= code <= 70 else -1


def no_digit(place: int) -> None:
    """Say where no hexadecimal digit is."""
    raise ValueError("non-hexadecimal number found in fromhex() arg at position " + str(place))


def fromhex(text: str) -> str:
    """Return bytes.fromhex(text)."""
    codes: list[int] = []
    # CPython looks at all of the text first.
    for place in range(len(text)):
        if text_code(text, place) > 127:
            no_digit(place)
    place = 0
    while True:
        while place < len(text) and is_space(text_code(text, place)):
            place += 1
        if place >= len(text):
            return text_of_codes(codes)
        high = digit_of(text_code(text, place))
        if high < 0:
            no_digit(place)
        place += 1
        low = digit_of(text_code(text, place)) if place < len(text) else -1
        if low < 0:
            no_digit(place)
        codes.append(high * 16 + low)
        place += 1


def is_little(order: str) -> bool:
    """Tell whether the byte order is "little"; ValueError where it is no order."""
    if order == "little":
        return True
    if order != "big":
        raise ValueError("byteorder must be either 'little' or 'big'")
    return False


def from_octets(octets: str, order: str, signed: bool) -> int:
    """Return int.from_bytes(octets, order, signed=signed) where that has 64 bits."""
    little = is_little(order)
    size = len(octets)
    negative = signed and size > 0 and text_code(octets, size - 1 if little else 0) > 127
    value = -1 if negative else 0
    for step in range(size):
        code = text_code(octets, size - 1 - step if little else step)
        # An int that has no room for it is stopped where it grows.
        value = value * 256 + code
    return value


def to_octets(value: int, size: int, order: str, signed: bool) -> str:
    """Return value.to_bytes(size, order, signed=signed)."""
    little = is_little(order)
    if size < 0:
        raise ValueError("length argument must be non-negative")
    if value < 0 and not signed:
        raise OverflowError("can't convert negative int to unsigned")
    codes: list[int] = []
    rest = value
    for _ in range(size):
        codes.append(rest & 255)
        rest = rest >> 8
    last = codes[size - 1] if size > 0 else 0
    if rest != (-1 if value < 0 else 0) or (signed and size > 0 and (last > 127) != (value < 0)):
        raise OverflowError("int too big to convert")
    return text_of_codes(codes if little else turned(codes))


def turned(codes: list[int]) -> list[int]:
    """Return numbers in the other order."""
    found: list[int] = []
    place = len(codes) - 1
    while place >= 0:
        found.append(codes[place])
        place -= 1
    return found


def hex_of_float(value: float) -> str:
    """Return value.hex()."""
    if value != value:
        return "nan"
    bits = to_bits(value)
    sign = "-" if bits < 0 else ""
    exponent = shift_right_logical(bits, 52) & 2047
    fraction = bits & 4503599627370495
    if exponent == 2047:
        return sign + "inf"
    if exponent == 0 and fraction == 0:
        return sign + "0x0.0p+0"
    codes: list[int] = []
    append_hexadecimal(codes, fraction, 13)
    power = exponent - 1023 if exponent > 0 else -1022
    whole = "0x1." if exponent > 0 else "0x0."
    return sign + whole + text_of_codes(codes) + ("p+" if power >= 0 else "p") + str(power)
