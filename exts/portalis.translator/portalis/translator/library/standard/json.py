"""`json`: values as text, and back where it is said what a text holds."""

from __future__ import annotations

import math

from portalis.translator.library.intrinsics import guard, refused

_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\x0c": "\\f", "\x08": "\\b"}


def _hex(code):
    return f"\\u{code:04x}"


def _quoted(text, plain):
    """Return a text as a JSON string, with ASCII characters alone where it has to be `plain`."""
    parts = ['"']
    for letter in text:
        code = ord(letter)
        if letter in _SHORT:
            parts.append(_SHORT[letter])
        elif code < 32 or (plain and 126 < code < 65536):
            parts.append(_hex(code))
        elif plain and code >= 65536:
            parts.append(_hex(0xD800 + ((code - 65536) >> 10)) + _hex(0xDC00 + ((code - 65536) & 1023)))
        else:
            parts.append(letter)
    parts.append('"')
    return "".join(parts)


def _float(value, named):
    if math.isfinite(value):
        return repr(value)
    if not named:
        raise ValueError(f"Out of range float values are not JSON compliant: {value!r}")
    return "NaN" if value != value else "Infinity" if value > 0.0 else "-Infinity"


def _key(key, plain, named):
    if isinstance(key, str):
        return _quoted(key, plain)
    if isinstance(key, bool):
        return '"true"' if key else '"false"'
    if key is None:
        return '"null"'
    if isinstance(key, float):
        return '"' + _float(key, named) + '"'
    if isinstance(key, int):
        return f'"{key}"'
    refused("P0308", "keys of this type have no translation in `json.dumps`", "use texts or numbers as keys", key)
    return ""


def _joined(parts, first, last, between, margin, step):
    """Return the parts of an object or array within its brackets, each on a line of its own where there is a margin."""
    if not parts:
        return first + last
    if step is None:
        return first + between.join(parts) + last
    return first + margin + step + (between + margin + step).join(parts) + margin + last


def _shown(value, plain, named, ordered, item, colon, margin, step):
    if isinstance(value, str):
        return _quoted(value, plain)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float(value, named)
    inner = margin if step is None else margin + step
    if isinstance(value, dict):
        entries = []
        for key in sorted(value) if ordered else list(value):
            shown = _shown(value[key], plain, named, ordered, item, colon, inner, step)
            entries.append(_key(key, plain, named) + colon + shown)
        return _joined(entries, "{", "}", item, margin, step)
    if isinstance(value, (list, tuple)):
        parts = []
        for one in value:
            parts.append(_shown(one, plain, named, ordered, item, colon, inner, step))
        return _joined(parts, "[", "]", item, margin, step)
    refused(
        "P0308", "values of this type have no translation in `json.dumps`", "give it dicts, lists, texts, numbers, bools and None", value
    )
    return ""


def dumps(obj, *, ensure_ascii=True, allow_nan=True, indent=None, separators=None, sort_keys=False):
    if separators is None:
        item, colon = ", " if indent is None else ",", ": "
    else:
        item, colon = separators
    if indent is None:
        return _shown(obj, ensure_ascii, allow_nan, sort_keys, item, colon, "", None)
    return _shown(obj, ensure_ascii, allow_nan, sort_keys, item, colon, "\n", indent if isinstance(indent, str) else " " * indent)


_LITERALS = ["null", "true", "false", "NaN", "Infinity", "-Infinity"]
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\x08", "f": "\x0c", "n": "\n", "r": "\r", "t": "\t"}


class JSONDecodeError(ValueError):
    pass


def _stop():
    guard("a text that holds other types than the annotation says, or is no JSON")


def _fail(message, text, at):
    """Raise what CPython raises of a place; of what it words otherwise from version to version the call is stopped instead."""
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    raise JSONDecodeError(f"{message}: line {line} column {column} (char {at})")


def _behind_space(text, at):
    while at < len(text) and text[at] in " \t\n\r":
        at += 1
    return at


def _expect(text, at, mark):
    """Return the place behind a mark that has to stand here."""
    if text[at : at + len(mark)] != mark:
        _stop()
    return at + len(mark)


def _delimited(text, at, mark):
    """Return the place behind a delimiter."""
    if text[at : at + 1] != mark:
        _fail(f"Expecting '{mark}' delimiter", text, at)
    return at + 1


def _code(text, at):
    """Return the number that four hexadecimal digits are."""
    found = 0
    for place in range(at, at + 4):
        if place >= len(text) or text[place] not in "0123456789abcdefABCDEF":
            _stop()
        found = found * 16 + int(text[place], 16)
    return found


def _string(text, at):
    begin = at
    at = _expect(text, at, '"')
    parts = []
    while at < len(text) and text[at] != '"':
        letter = text[at]
        if ord(letter) < 32:
            _fail("Invalid control character at", text, at)
        at += 1
        if letter != "\\":
            parts.append(letter)
        elif text[at : at + 1] == "u":
            code = _code(text, at + 1)
            at += 5
            if 0xD800 <= code < 0xDC00 and text[at : at + 2] == "\\u":
                low = _code(text, at + 2)
                if 0xDC00 <= low < 0xE000:
                    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
                    at += 6
            parts.append(chr(code))
        elif at < len(text) and text[at] in _ESCAPES:
            parts.append(_ESCAPES[text[at]])
            at += 1
        else:
            _stop()
    if at >= len(text):
        _fail("Unterminated string starting at", text, begin)
    return "".join(parts), at + 1


def _behind_digits(text, at):
    start = at
    while at < len(text) and text[at] in "0123456789":
        at += 1
    if at == start:
        _stop()
    return at


def _behind_whole(text, at):
    """Return the place behind the whole part of a number, which does not begin with a zero unless that is all."""
    if text[at : at + 1] == "-":
        at += 1
    return at + 1 if text[at : at + 1] == "0" else _behind_digits(text, at)


def _int(text, at):
    end = _behind_whole(text, at)
    if end < len(text) and text[end] in ".eE":
        _stop()
    return int(text[at:end]), end


def _read_float(text, at):
    whole = _behind_whole(text, at)
    end = whole
    if text[end : end + 1] == ".":
        end = _behind_digits(text, end + 1)
    if end < len(text) and text[end] in "eE":
        end += 1
        if end < len(text) and text[end] in "+-":
            end += 1
        end = _behind_digits(text, end)
    if end == whole:
        _stop()
    return float(text[at:end]), end


def _bool(text, at):
    if text[at : at + 1] == "t":
        return True, _expect(text, at, "true")
    return False, _expect(text, at, "false")


def _list(text, at, like):
    found = []
    at = _behind_space(text, _expect(text, at, "["))
    if text[at : at + 1] == "]":
        return found, at + 1
    while True:
        one, at = _value(text, at, like[0])
        found.append(one)
        at = _behind_space(text, at)
        if text[at : at + 1] == "]":
            return found, at + 1
        at = _behind_space(text, _delimited(text, at, ","))
        if text[at : at + 1] == "]":
            _stop()


def _dict(text, at, like):
    found = {}
    at = _behind_space(text, _expect(text, at, "{"))
    if text[at : at + 1] == "}":
        return found, at + 1
    while True:
        if text[at : at + 1] == "}":
            _stop()
        if text[at : at + 1] != '"':
            _fail("Expecting property name enclosed in double quotes", text, at)
        key, at = _string(text, at)
        at = _behind_space(text, _delimited(text, _behind_space(text, at), ":"))
        one, at = _value(text, at, like[""])
        found[key] = one
        at = _behind_space(text, at)
        if text[at : at + 1] == "}":
            return found, at + 1
        at = _behind_space(text, _delimited(text, at, ","))


def _begins(text, at):
    """Tell whether a value begins at a place, of whatever type."""
    first = text[at : at + 1]
    if first == "-" and text[at + 1 : at + 2] != "I":
        return at + 1 < len(text) and text[at + 1] in "0123456789"
    if first != "" and first in '"{[0123456789':
        return True
    return any(text[at : at + len(one)] == one for one in _LITERALS)


def _value(text, at, like):
    """Return what begins at a place, of the type that `like` has, and the place behind it."""
    if not _begins(text, at):
        _fail("Expecting value", text, at)
    if isinstance(like, str):
        return _string(text, at)
    if isinstance(like, bool):
        return _bool(text, at)
    if isinstance(like, int):
        return _int(text, at)
    if isinstance(like, float):
        return _read_float(text, at)
    if isinstance(like, dict):
        return _dict(text, at, like)
    return _list(text, at, like)


def loads(s, like=None):
    if like is None or not isinstance(s, str):
        refused(
            "P0308",
            "`json.loads` gives values of types that only the text tells",
            "say what it holds: data: dict[str, list[int]] = json.loads(text)",
        )
        return None
    if s[:1] == "\ufeff":
        _fail("Unexpected UTF-8 BOM (decode using utf-8-sig)", s, 0)
    found, at = _value(s, _behind_space(s, 0), like)
    at = _behind_space(s, at)
    if at != len(s):
        _fail("Extra data", s, at)
    return found
