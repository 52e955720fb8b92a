"""`base64`: bytes as letters and digits, and back."""

from __future__ import annotations

from portalis.translator.library.standard.binascii import Error, _ascii, _refuse_text, unhexlify

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_LETTERS_32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def _encoded(data, last):
    """Return bytes in base 64, with what stands for 62 and 63."""
    _refuse_text(data)
    letters = _LETTERS + last
    found = []
    for place in range(0, len(data), 3):
        part = data[place : place + 3]
        word = (part[0] << 16) + ((part[1] << 8) if len(part) > 1 else 0) + (part[2] if len(part) > 2 else 0)
        found.append(letters[word >> 18])
        found.append(letters[(word >> 12) & 63])
        found.append(letters[(word >> 6) & 63] if len(part) > 1 else 61)
        found.append(letters[word & 63] if len(part) > 2 else 61)
    return bytes(found)


def b64encode(s, altchars=None):
    if altchars is None:
        return _encoded(s, b"+/")
    assert len(altchars) == 2, repr(altchars)
    return _encoded(s, altchars)


def standard_b64encode(s):
    return _encoded(s, b"+/")


def urlsafe_b64encode(s):
    return _encoded(s, b"-_")


def _value(letter, last):
    """Return what a letter counts in base 64, -1 for none."""
    if 65 <= letter <= 90:
        return letter - 65
    if 97 <= letter <= 122:
        return letter - 71
    if 48 <= letter <= 57:
        return letter + 4
    if letter == last[0] or (letter == 43 and last == b"-_"):
        return 62
    if letter == last[1] or (letter == 47 and last == b"-_"):
        return 63
    return -1


def _decoded(data, last):
    """Return what base 64 stands for; what is no letter of it is passed over, as in CPython."""
    found = []
    position, kept, pads = 0, 0, 0
    for letter in data:
        if letter == 61:
            if position >= 2:
                pads += 1
                if position + pads >= 4:
                    return bytes(found)
            continue
        value = _value(letter, last)
        if value < 0:
            continue
        pads = 0
        if position == 0:
            position, kept = 1, value
        elif position == 1:
            found.append((kept << 2) | (value >> 4))
            position, kept = 2, value & 15
        elif position == 2:
            found.append((kept << 4) | (value >> 2))
            position, kept = 3, value & 3
        else:
            found.append((kept << 6) | value)
            position, kept = 0, 0
    if position == 1:
        count = len(found) // 3 * 4 + 1
        raise Error(f"Invalid base64-encoded string: number of data characters ({count}) cannot be 1 more than a multiple of 4")
    if position != 0:
        raise Error("Incorrect padding")
    return bytes(found)


def b64decode(s):
    return _decoded(_ascii(s), b"+/")


def standard_b64decode(s):
    return _decoded(_ascii(s), b"+/")


def urlsafe_b64decode(s):
    return _decoded(_ascii(s), b"-_")


def b32encode(s):
    if isinstance(s, str):
        raise TypeError("memoryview: a bytes-like object is required, not 'str'")
    found = []
    for place in range(0, len(s), 5):
        part = s[place : place + 5]
        word = 0
        for number in range(5):
            word = word * 256 + (part[number] if number < len(part) else 0)
        letters = (len(part) * 8 + 4) // 5
        found += [_LETTERS_32[(word >> (35 - 5 * number)) & 31] if number < letters else 61 for number in range(8)]
    return bytes(found)


def _value_32(letter):
    if 65 <= letter <= 90:
        return letter - 65
    if 50 <= letter <= 55:
        return letter - 24
    raise Error("Non-base32 digit found")


def b32decode(s, casefold=False):
    data = _ascii(s)
    whole = len(data)
    if whole % 8:
        raise Error("Incorrect padding")
    if casefold:
        data = data.upper()
    data = data.rstrip(b"=")
    pads = whole - len(data)
    values = [_value_32(letter) for letter in data]
    if pads == 2 or pads == 5 or pads > 6:
        raise Error("Incorrect padding")
    found = []
    for place in range(0, len(values), 8):
        part = values[place : place + 8]
        word = 0
        for number in range(8):
            word = word * 32 + (part[number] if number < len(part) else 0)
        found += [(word >> (32 - 8 * number)) & 255 for number in range(len(part) * 5 // 8)]
    return bytes(found)


def b16encode(s):
    _refuse_text(s)
    return s.hex().upper().encode()


def b16decode(s, casefold=False):
    data = _ascii(s)
    if casefold:
        data = data.upper()
    for letter in data:
        if not (48 <= letter <= 57 or 65 <= letter <= 70):
            raise Error("Non-base16 digit found")
    return unhexlify(data)
