"""The ways in which methods are called that docs/methods.md tells of, by class and method; names are what `methods.MAKE` makes."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

# Classes whose objects a method can change.
CHANGED = frozenset(("list", "dict", "set", "bytearray"))
_BARE = (
    "capitalize", "casefold", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric",
    "isprintable", "isspace", "istitle", "isupper", "lower", "swapcase", "title", "upper",
)  # fmt: skip


def _searched(name: str) -> tuple[str, ...]:
    return tuple(f"text.{name}({rest})" for rest in ("part", "part, index", "part, index, index_b", "part, None, index"))


def _stripped(name: str) -> tuple[str, ...]:
    return tuple(f"text.{name}({rest})" for rest in ("", "part", "maybe", "None"))


def _split(name: str) -> tuple[str, ...]:
    return tuple(
        f"text.{name}({rest})"
        for rest in ("", "part", "None", "maybe", "part, few", "None, few", "maxsplit=few", "sep=part", "part, maxsplit=few", "maybe, few")
    )


def _affixed(name: str) -> tuple[str, ...]:
    rests = (
        "part",
        "part, index",
        "part, index, index_b",
        "(part, part_b)",
        "(part, part_b), index",
        "tuple(affixes)",
        "()",
        "tuple(affixes), index",
    )
    return tuple(f"text.{name}({rest})" for rest in rests)


_STR: Mapping[str, Sequence[str]] = {
    **{name: (f"text.{name}()",) for name in _BARE},
    **{name: (f"text.{name}(width)", f"text.{name}(width, char)", f"text.{name}(width, '*')") for name in ("center", "ljust", "rjust")},
    **{name: _searched(name) for name in ("count", "find", "index", "rfind", "rindex")},
    **{name: _stripped(name) for name in ("lstrip", "rstrip", "strip")},
    **{name: _split(name) for name in ("split", "rsplit")},
    **{name: _affixed(name) for name in ("startswith", "endswith")},
    **{name: (f"text.{name}(part)",) for name in ("partition", "rpartition", "removeprefix", "removesuffix")},
    "encode": (
        "text.encode()",
        "text.encode('utf-8')",
        "text.encode('ascii')",
        "text.encode('latin-1', 'replace')",
        "text.encode('ascii', errors='ignore')",
        "text.encode('utf-8', 'replace')",
        "text.encode('utf-16')",
        "bytes(text, 'utf-8')",
    ),
    "expandtabs": ("text.expandtabs()", "text.expandtabs(width)", "text.expandtabs(tabsize=width)"),
    "format": (
        "'{} and {}'.format(text, number)",
        "'{1:>5}{0!r}'.format(text, number)",
        "'{a}-{b}'.format(a=text, b=number)",
        "text.format(number)",
    ),
    "format_map": ("'{a}-{b}'.format_map(fields)", "'{a}'.format_map({'a': text})"),
    "join": (
        "part.join(words)",
        "part.join(text)",
        "part.join(str(one) for one in numbers)",
        "part.join(map(str, numbers))",
        "part.join(sorted(letters))",
        "part.join(counts)",
        "part.join((text, part))",
    ),
    "maketrans": (
        "text.translate(str.maketrans('ab', 'xy'))",
        "text.translate(str.maketrans('ab', 'xy', part))",
        "text.translate(str.maketrans(part, part_b))",
        "text.translate(str.maketrans({'a': 'x', 'b': None}))",
        "text.translate(str.maketrans({'a': 'long', 'X': ''}))",
        "text.translate(str.maketrans({97: 'z'}))",
        "text.translate(str.maketrans('', '', part))",
        "str.maketrans('ab', 'xy')",
        "str.maketrans(part, part_b)",
    ),
    "replace": ("text.replace(part, part_b)", "text.replace(part, part_b, few)"),
    "splitlines": ("text.splitlines()", "text.splitlines(True)", "text.splitlines(keepends=flag)", "text.splitlines(few)"),
    "translate": ("text.translate(tableint)", "text.translate(tablestr)", "text.translate(tablenone)"),
    "zfill": ("text.zfill(width)",),
}
_OF_OCTETS: Mapping[str, Sequence[str]] = {
    **{name: (f"data.{name}()",) for name in (
        "capitalize", "isalnum", "isalpha", "isascii", "isdigit", "islower", "isspace", "istitle", "isupper", "lower", "swapcase",
        "title", "upper",
    )},
    **{
        name: tuple(f"data.{name}({rest})" for rest in ("piece", "octet", "piece, index", "octet, index, index_b", "piece, None, index"))
        for name in ("count", "find", "index", "rfind", "rindex")
    },
    **{
        name: (f"data.{name}(width)", f"data.{name}(width, filler)", f"data.{name}(width, b'*')") for name in ("center", "ljust", "rjust")
    },
    **{
        name: tuple(f"data.{name}({rest})" for rest in (
            "piece", "piece, index", "piece, index, index_b", "(piece, piece_b)", "(piece, piece_b), index", "()",
        ))
        for name in ("startswith", "endswith")
    },
    **{name: tuple(f"data.{name}({rest})" for rest in ("", "piece", "None")) for name in ("lstrip", "rstrip", "strip")},
    **{
        name: tuple(f"data.{name}({rest})" for rest in (
            "", "piece", "None", "piece, few", "None, few", "maxsplit=few", "sep=piece", "piece, maxsplit=few",
        ))
        for name in ("split", "rsplit")
    },
    **{name: (f"data.{name}(piece)",) for name in ("partition", "rpartition", "removeprefix", "removesuffix")},
    "decode": (
        "data.decode()",
        "data.decode('utf-8', 'replace')",
        "data.decode('utf8', errors='ignore')",
        "data.decode('ascii', 'replace')",
        "data.decode('latin-1')",
        "data.decode('utf-16', 'replace')",
    ),
    "expandtabs": ("data.expandtabs()", "data.expandtabs(width)", "data.expandtabs(tabsize=width)"),
    "fromhex": ("bytes.fromhex(digitsof)",),
    "hex": ("data.hex()", "data.hex('-')", "data.hex(b':')", "data.hex('-', few)", "data.hex(char, few)", "data.hex(sep=' ')"),
    "join": (
        "data.join([piece, piece_b])",
        "data.join((piece, data))",
        "data.join(data_b[i : i + 1] for i in range(len(data_b)))",
        "data.join([])",
    ),
    "maketrans": ("data.translate(bytes.maketrans(piece, piece_b))", "data.translate(bytes.maketrans(b'ab', b'yz'))"),
    "replace": ("data.replace(piece, piece_b)", "data.replace(piece, piece_b, few)"),
    "splitlines": ("data.splitlines()", "data.splitlines(True)", "data.splitlines(keepends=flag)"),
    "translate": tuple(f"data.translate({rest})" for rest in ("table", "table, piece", "None, piece", "table, delete=b'a'")),
    "zfill": ("data.zfill(width)",),
}  # fmt: skip


def _of_int(name: str) -> Mapping[str, Sequence[str]]:
    return {
        **{method: (f"{name}.{method}()",) for method in ("as_integer_ratio", "bit_count", "bit_length", "conjugate")},
        **({"is_integer": (f"{name}.is_integer()",)} if sys.version_info >= (3, 12) else {}),
        **{field: (f"{name}.{field}",) for field in ("denominator", "imag", "numerator", "real")},
        "from_bytes": tuple(f"int.from_bytes({rest})" for rest in ("data, 'big'", "data", "data, 'little', signed=True", "data, word")),
        "to_bytes": tuple(
            f"{name}.to_bytes({rest})" for rest in ("width, 'big'", "", "width, 'little', signed=True", "9, byteorder='big', signed=flag")
        ),
    }


# What gives something else where bytes-like objects of two classes meet, and what changes one in place.
_OF_BYTEARRAY: Mapping[str, Sequence[str]] = {
    **{
        name: tuple(shape.replace("data", "array").replace("bytes.", "bytearray.") for shape in found) for name, found in _OF_OCTETS.items()
    },
    "append": ("array.append(octet)",),
    "clear": ("array.clear()",),
    "copy": ("array.copy()",),
    "extend": ("array.extend(data)", "array.extend(array)", "array.extend(octets)", "array.extend(one // 2 for one in data)"),
    "find": ("array.find(piece)", "array.find(octet)", "array.find(array_b)", "data.find(array)", "array.find(piece, index, index_b)"),
    "insert": ("array.insert(index, octet)",),
    "pop": ("array.pop()", "array.pop(index)"),
    "remove": ("array.remove(octet)",),
    "reverse": ("array.reverse()",),
}
_ITEMS = (("numbers", "number"), ("reals", "real"), ("words", "word"), ("pairs", "pair"), ("optionals", "optional"), ("rows", "row"))


def _each(*patterns: str, items: Sequence[tuple[str, str]] = _ITEMS) -> tuple[str, ...]:
    return tuple(pattern.replace("LIST", many).replace("ITEM", one) for many, one in items for pattern in patterns)


_LIST: Mapping[str, Sequence[str]] = {
    "append": _each("LIST.append(ITEM)"),
    "clear": _each("LIST.clear()", items=_ITEMS[:1]),
    "copy": _each("LIST.copy()"),
    "count": (*_each("LIST.count(ITEM)"), "numbers.count(real)", "reals.count(number)", "numbers.count(word)", "numbers.count(flag)"),
    "extend": (
        *_each("LIST.extend(LIST_b)", "LIST.extend(LIST)", items=_ITEMS[:3]),
        "numbers.extend(several)",
        "numbers.extend(range(few))",
        "numbers.extend(group)",
        "words.extend(text)",
        "words.extend(counts)",
        "numbers.extend(one * 2 for one in numbers_b)",
    ),
    "index": (*_each("LIST.index(ITEM)", "LIST.index(ITEM, index)", "LIST.index(ITEM, index, index_b)"), "numbers.index(real)"),
    "insert": _each("LIST.insert(index, ITEM)"),
    "pop": _each("LIST.pop()", "LIST.pop(index)"),
    "remove": (*_each("LIST.remove(ITEM)"), "numbers.remove(real)"),
    "reverse": _each("LIST.reverse()", items=_ITEMS[:2]),
    "sort": (
        *_each("LIST.sort()"),
        *_each("LIST.sort(reverse=True)", "LIST.sort(reverse=flag)", items=_ITEMS[:3]),
        "numbers.sort(key=abs)",
        "numbers.sort(key=lambda one: -one)",
        "words.sort(key=len)",
        "words.sort(key=str.lower)",
        "words.sort(key=len, reverse=flag)",
        "pairs.sort(key=lambda pair: pair[1])",
        "numbers.sort(key=None)",
        "eithers.sort()",
        "eithers.sort(key=str)",
    ),
}
_DICTS = (("counts", "word", "number"), ("names", "number", "word"), ("weights", "pair", "real"), ("lists", "word", "row"))


def _entries(*patterns: str, dicts: Sequence[tuple[str, str, str]] = _DICTS) -> tuple[str, ...]:
    return tuple(
        pattern.replace("DICT", one).replace("KEY", key).replace("VALUE", value) for one, key, value in dicts for pattern in patterns
    )


_DICT: Mapping[str, Sequence[str]] = {
    "clear": _entries("DICT.clear()", dicts=_DICTS[:1]),
    "copy": _entries("DICT.copy()"),
    "fromkeys": (
        "dict.fromkeys(numbers)",
        "dict.fromkeys(numbers, 0)",
        "dict.fromkeys(text, number)",
        "dict.fromkeys(range(few), [])",
        "dict.fromkeys(group)",
        "{}.fromkeys(numbers)",
    ),
    "get": (
        *_entries("DICT.get(KEY)", "DICT.get(KEY, VALUE)"),
        "counts.get(word, None)",
        "counts.get(word, real)",
        "counts.get(number)",
        "names.get(real)",
    ),
    "items": _entries("list(DICT.items())", "sorted(DICT.items())", "DICT.items() == DICT_b.items()", "DICT.items()", dicts=_DICTS[:2]),
    "keys": _entries(
        "list(DICT.keys())",
        "sorted(DICT.keys())",
        "KEY in DICT.keys()",
        "DICT.keys() == DICT_b.keys()",
        "DICT.keys() & DICT_b.keys()",
        "DICT.keys() - DICT_b.keys()",
        "DICT.keys() | DICT_b.keys()",
        "list(reversed(DICT.keys()))",
        "DICT.keys()",
        "len(DICT.keys())",
        dicts=_DICTS[:2],
    ),
    "pop": (*_entries("DICT.pop(KEY)", "DICT.pop(KEY, VALUE)", "DICT.pop(KEY, None)"), "counts.pop(number)"),
    "popitem": _entries("DICT.popitem()"),
    "setdefault": _entries("DICT.setdefault(KEY, VALUE)", "DICT.setdefault(KEY)"),
    "update": (
        *_entries("DICT.update(DICT_b)", "DICT.update(DICT)"),
        "counts.update(a=number)",
        "counts.update(counts_b, b=number)",
        "names.update(zip(numbers, words))",
        "counts.update([(word, number)])",
        "counts.update()",
        "names.update(enumerate(words))",
    ),
    "values": _entries(
        "list(DICT.values())", "sum(DICT.values())", "VALUE in DICT.values()", "DICT.values()", "max(DICT.values())", dicts=_DICTS[:1]
    ),
}


def _sets(*patterns: str, sets: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    return tuple(
        pattern.replace("SET", one).replace("ITEM", item).replace("MANY", many) for one, item, many in sets for pattern in patterns
    )


def _of_sets(own: Sequence[tuple[str, str, str]]) -> dict[str, Sequence[str]]:
    def many(name: str) -> tuple[str, ...]:
        return _sets(f"SET.{name}(SET_b)", f"SET.{name}(MANY)", f"SET.{name}()", f"SET.{name}(SET_b, MANY)", f"SET.{name}(SET)", sets=own)

    def one(name: str) -> tuple[str, ...]:
        return _sets(f"SET.{name}(SET_b)", f"SET.{name}(MANY)", f"SET.{name}(SET)", sets=own)

    return {
        "copy": _sets("SET.copy()", sets=own),
        **{name: many(name) for name in ("difference", "intersection", "union")},
        **{name: one(name) for name in ("isdisjoint", "issubset", "issuperset", "symmetric_difference")},
    }


_SETS = (("group", "number", "digits"), ("letters", "word", "words"))
_SET: Mapping[str, Sequence[str]] = {
    **_of_sets(_SETS),
    **{
        name: _sets(f"SET.{name}(SET_b)", f"SET.{name}(MANY)", f"SET.{name}()", f"SET.{name}(SET_b, MANY)", f"SET.{name}(SET)", sets=_SETS)
        for name in ("difference_update", "intersection_update", "update")
    },
    "symmetric_difference_update": _sets("SET.symmetric_difference_update(SET_b)", "SET.symmetric_difference_update(MANY)", sets=_SETS),
    **{name: (*_sets(f"SET.{name}(ITEM)", sets=_SETS), f"group.{name}(real)") for name in ("add", "discard", "remove")},
    "clear": ("group.clear()",),
    "pop": ("group.pop()", "letters.pop()"),
}
_FROZEN = (("frozen", "number", "digits"), ("frozenletters", "word", "words"))
SHAPES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "str": _STR,
    "int": _of_int("integer"),
    "bool": _of_int("flag"),
    "float": {
        "as_integer_ratio": ("real.as_integer_ratio()",),
        "conjugate": ("real.conjugate()",),
        "fromhex": ("float.fromhex(real.hex())",),
        "hex": ("real.hex()",),
        "imag": ("real.imag",),
        "is_integer": ("real.is_integer()",),
        "real": ("real.real",),
    },
    "complex": {"conjugate": ("z.conjugate()",), "imag": ("z.imag",), "real": ("z.real",)},
    "bytes": _OF_OCTETS,
    "bytearray": _OF_BYTEARRAY,
    "list": _LIST,
    "tuple": {
        "count": ("several.count(number)", "several.count(real)", "(number, word).count(number)"),
        "index": (
            "several.index(number)",
            "several.index(number, index)",
            "several.index(number, index, index_b)",
            "(number, word).index(word)",
        ),
    },
    "dict": _DICT,
    "set": _SET,
    "frozenset": _of_sets(_FROZEN),
}
