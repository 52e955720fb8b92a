"""`binascii`: bytes as text and back."""

from __future__ import annotations


class Error(ValueError):
    pass


def _refuse_text(data):
    if isinstance(data, str):
        raise TypeError("a bytes-like object is required, not 'str'")


def hexlify(data):
    _refuse_text(data)
    return data.hex().encode()


def b2a_hex(data):
    _refuse_text(data)
    return data.hex().encode()


def _half(letter):
    """Return what a hexadecimal digit counts; an error for any other."""
    if 48 <= letter <= 57:
        return letter - 48
    if 97 <= letter <= 102:
        return letter - 87
    if 65 <= letter <= 70:
        return letter - 55
    raise Error("Non-hexadecimal digit found")


def _ascii(text):
    if isinstance(text, str):
        for letter in text:
            if ord(letter) > 127:
                raise ValueError("string argument should contain only ASCII characters")
        return text.encode()
    return text


def unhexlify(hexstr):
    data = _ascii(hexstr)
    if len(data) % 2:
        raise Error("Odd-length string")
    return bytes([_half(data[place]) * 16 + _half(data[place + 1]) for place in range(0, len(data), 2)])


def a2b_hex(hexstr):
    return unhexlify(hexstr)
