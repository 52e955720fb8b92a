"""repr of texts."""

from __future__ import annotations

from portalis.translator.library.characters import is_printable_code
from portalis.translator.library.intrinsics import text_code, text_of_codes


def quoted(text: str) -> str:
    """Return repr(text)."""
    single = False
    double = False
    for place in range(len(text)):
        code = text_code(text, place)
        single = single or code == 39
        double = double or code == 34
    quote = 34 if single and not double else 39
    codes: list[int] = [quote]
    for place in range(len(text)):
        append_escaped(codes, text_code(text, place), quote, False)
    codes.append(quote)
    return text_of_codes(codes)


def ascii_of(text: str) -> str:
    """Return a repr with every character beyond ASCII escaped."""
    codes: list[int] = []
    for place in range(len(text)):
        code = text_code(text, place)
        if code < 128:
            codes.append(code)
        else:
            append_escaped(codes, code, 39, True)
    return text_of_codes(codes)


def append_escaped(codes: list[int], code: int, quote: int, plain: bool) -> None:
    """Append a character as it stands between such quotes; `plain`: in ASCII."""
    if 32 <= code < 127:
        if code == quote or code == 92:
            codes.append(92)
        codes.append(code)
        return
    if code >= 127 and not plain and is_printable_code(code):
        codes.append(code)
        return
    codes.append(92)
    if code == 9:
        codes.append(116)
    elif code == 10:
        codes.append(110)
    elif code == 13:
        codes.append(114)
    elif code < 256:
        codes.append(120)
        append_hexadecimal(codes, code, 2)
    elif code < 65536:
        codes.append(117)
        append_hexadecimal(codes, code, 4)
    else:
        codes.append(85)
        append_hexadecimal(codes, code, 8)


def append_hexadecimal(codes: list[int], value: int, count: int) -> None:
    """Append so many hexadecimal digits."""
    place = 4 * (count - 1)
    while place >= 0:
        digit = (value >> place) & 15
        codes.append(digit + 48 if digit < 10 else digit + 87)
        place -= 4
