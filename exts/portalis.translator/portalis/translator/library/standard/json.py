"""`json`: values as text; what a text holds is only known where it is read."""

from __future__ import annotations

import math

from portalis.translator.library.intrinsics import refused

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


def loads(s):
    refused("P0308", "`json.loads` gives values of types that only the text tells", "read the text yourself: s.split(',')")
