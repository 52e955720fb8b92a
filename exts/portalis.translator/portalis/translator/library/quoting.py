"""What a text looks like in messages: repr."""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard, text_code, text_of_codes


def quoted(text: str) -> str:
    """Return repr(text)."""
    single = False
    double = False
    for place in range(len(text)):
        code = text_code(text, place)
        if code >= 128:
            guard("repr of a text with characters beyond ASCII")
        single = single or code == 39
        double = double or code == 34
    mark = 34 if single and not double else 39
    codes: list[int] = [mark]
    for place in range(len(text)):
        code = text_code(text, place)
        if code == mark or code == 92:
            codes.append(92)
            codes.append(code)
        elif code == 10 or code == 13 or code == 9:
            codes.append(92)
            codes.append(110 if code == 10 else 114 if code == 13 else 116)
        elif code < 32 or code == 127:
            codes.append(92)
            codes.append(120)
            codes.append(hexadecimal_digit(code // 16))
            codes.append(hexadecimal_digit(code % 16))
        else:
            codes.append(code)
    codes.append(mark)
    return text_of_codes(codes)


def hexadecimal_digit(value: int) -> int:
    """Return the code of a digit."""
    return value + 48 if value < 10 else value + 87
