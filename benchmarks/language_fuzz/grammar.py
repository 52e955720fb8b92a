"""What an expression of a type may look like: one table of templates, matched by type.

A type is a text: `int`, `[int]` a list, `{str:int}` a dict, `{int}` a set, `(int,str)` a tuple, `@int` an iterator. In a template `<T>`
stands for an
expression of a type; `T`, `U`, `K` and `H` are types that are chosen when it is used, `H` and `K` of what can be hashed, `N` int or float,
`O` of what has an order; `<~T>` is a variable or a short constant. `<x:T>` names a variable, and `<U/x:T>` is an expression in which it is
known.
"""

from __future__ import annotations

import re
from random import Random

SCALARS = ("int", "int", "float", "str", "str", "bool")
HASHED = ("int", "int", "str", "str", "bool", "(int,int)", "(str,int)", "float", "bytes")
ORDERED = ("int", "int", "float", "str", "(int,str)", "[int]", "(float,int)", "bytes")
ANY = (
    *SCALARS,
    "[int]",
    "[str]",
    "[float]",
    "{str:int}",
    "{int:str}",
    "{int}",
    "(int,str)",
    "[[int]]",
    "[(str,int)]",
    "{int:[int]}",
    "{str}",
    "bytes",
    "bytearray",
    "complex",
)
CHOICES = {"T": ANY, "U": ANY, "K": HASHED, "H": HASHED, "N": ("int", "float"), "O": ORDERED, "S": SCALARS}

# Result, text. Those of a result that is a letter fit every type.
TEMPLATES: tuple[tuple[str, str], ...] = (
    ("T", "<[T]>[<index>]"), ("T", "<{K:T}>[<K>]"), ("T", "<{K:T}>.get(<K>, <T>)"), ("T", "(<T> if <bool> else <T>)"),
    ("T", "(<T> or <T>)"), ("T", "(<T> and <T>)"), ("T", "<(T,U)>[0]"), ("T", "<(U,T)>[-1]"), ("T", "<[T]>.pop()"), ("T", "<[T]>[-1]"),
    ("T", "next(iter(<[T]>), <T>)"), ("T", "(lambda <p:U>: <T/p:U>)(<U>)"), ("O", "max(<[O]>)"), ("O", "min(<[O]>)"),
    ("O", "max(<O>, <O>)"), ("O", "min(<[O]>, default=<O>)"), ("O", "sorted(<[O]>)[<index>]"),
    ("T", "max(<[T]>, key=lambda <p:T>: <O/p:T>)"), ("T", "min(<[T]>, key=lambda <p:T>: <O/p:T>)"), ("[T]", "[<T>, <T>, <T>]"),
    ("[T]", "[<T>]"), ("[T]", "<[T]>[<slice>]"), ("[T]", "(<[T]> + <[T]>)"), ("[T]", "(<[T]> * <small>)"),
    ("[T]", "[<T/x:U> for <x:U> in <[U]>]"), ("[T]", "[<T/x:U> for <x:U> in <[U]> if <bool/x:U>]"), ("[T]", "list(reversed(<[T]>))"),
    ("[T]", "[<T/x:int> for <x:int> in range(<small>)]"), ("[T]", "list(<[T]>)"), ("[T]", "<[T]>.copy()"), ("[T]", "<[T]>[::-1]"),
    ("[O]", "sorted(<[O]>)"), ("[O]", "sorted(<[O]>, reverse=<bool>)"), ("[T]", "sorted(<[T]>, key=lambda <p:T>: <O/p:T>)"),
    ("[O]", "sorted(<{O}>)"), ("[K]", "list(<{K:T}>)"), ("[K]", "sorted(<{K:int}>.keys())"), ("[T]", "list(<{K:T}>.values())"),
    ("[T]", "list(map(lambda <p:U>: <T/p:U>, <[U]>))"), ("[T]", "list(filter(lambda <p:T>: <bool/p:T>, <[T]>))"),
    ("[(int,T)]", "list(enumerate(<[T]>))"), ("[(T,U)]", "list(zip(<[T]>, <[U]>))"), ("[(K,T)]", "list(<{K:T}>.items())"),
    ("[int]", "list(range(<small>))"), ("[int]", "list(range(<int>, <int>, -3))[:9]"), ("[str]", "<str>.split()"),
    ("[str]", "list(<str>)"), ("[str]", "<str>.split(<str>)"), ("[str]", "<str>.split(',', <small>)"), ("[str]", "<str>.splitlines()"),
    ("[int]", "[<int/c:str> for <c:str> in <str>]"), ("[[T]]", "[<[T]/i:int> for <i:int> in range(<small>)]"),
    ("[T]", "[<T/y:T> for <z:[T]> in <[[T]]> for <y:T> in <[T]/z:[T]>]"), ("{K:T}", "{<K>: <T>, <K>: <T>}"),
    ("{K:T}", "{<K/x:U>: <T/x:U> for <x:U> in <[U]>}"), ("{K:T}", "dict(zip(<[K]>, <[T]>))"), ("{K:T}", "<{K:T}>.copy()"),
    ("{K:T}", "dict(<[(K,T)]>)"), ("{K:T}", "{**<{K:T}>, <K>: <T>}"), ("{K:T}", "dict(<{K:T}>)"), ("{H}", "{<H>, <H>}"),
    ("{H}", "set(<[H]>)"), ("{H}", "(<{H}> | <{H}>)"), ("{H}", "(<{H}> & <{H}>)"), ("{H}", "(<{H}> - <{H}>)"),
    ("{H}", "(<{H}> ^ <{H}>)"), ("{H}", "{<H/x:U> for <x:U> in <[U]>}"), ("{H}", "<{H}>.union(<[H]>)"), ("{str}", "set(<str>)"),
    ("(T,U)", "(<T>, <U>)"), ("(T,U)", "<[(T,U)]>[<index>]"), ("(int,int)", "divmod(<int>, <int>)"), ("int", "len(<[T]>)"),
    ("int", "len(<str>)"), ("int", "len(<{K:T}>)"), ("int", "len(<{H}>)"), ("int", "sum(<[int]>)"),
    ("N", "sum(<N/x:T> for <x:T> in <[T]>)"), ("int", "sum(<bool/x:T> for <x:T> in <[T]>)"), ("int", "<[T]>.index(<T>)"),
    ("int", "<[T]>.count(<T>)"), ("int", "<str>.find(<str>)"), ("int", "<str>.count(<str>)"), ("int", "<str>.rfind(<str>)"),
    ("int", "<str>.index(<str>)"), ("int", "ord(<char>)"), ("int", "int(<str>)"), ("int", "int(<float>)"), ("int", "round(<float>)"),
    ("int", "(<int> + <int>)"), ("int", "(<int> - <int>)"), ("int", "(<int> * <int>)"), ("int", "(<int> // <int>)"),
    ("int", "(<int> % <int>)"), ("int", "abs(<int>)"), ("int", "(-<int>)"), ("int", "(<int> ^ <int>)"), ("int", "(<int> & <int>)"),
    ("int", "(<int> >> <small>)"), ("int", "(<int> ** <small>)"), ("int", "int(<str>, 16)"), ("int", "int(<bool>)"),
    ("int", "len(str(<int>))"), ("float", "(<float> + <N>)"), ("float", "(<float> * <N>)"), ("float", "(<N> / <N>)"),
    ("float", "float(<int>)"), ("float", "(<float> - <int>)"), ("float", "sum(<[float]>)"), ("float", "abs(<float>)"),
    ("float", "round(<float>, <small>)"), ("float", "float(<str>)"), ("bool", "(<T> == <T>)"), ("bool", "(<T> != <T>)"),
    ("bool", "(<O> < <O>)"), ("bool", "(<O> >= <O>)"), ("bool", "(<T> in <[T]>)"), ("bool", "(<K> in <{K:T}>)"),
    ("bool", "(<H> in <{H}>)"), ("bool", "(<str> in <str>)"), ("bool", "(not <T>)"), ("bool", "bool(<T>)"),
    ("bool", "all(<bool/x:T> for <x:T> in <[T]>)"), ("bool", "any(<bool/x:T> for <x:T> in <[T]>)"), ("bool", "<str>.startswith(<str>)"),
    ("bool", "<str>.endswith(<str>)"), ("bool", "<str>.isdigit()"), ("bool", "<str>.isalpha()"), ("bool", "<str>.isupper()"),
    ("bool", "<str>.isalnum()"), ("bool", "<str>.isspace()"), ("bool", "(<{H}> <= <{H}>)"), ("bool", "<{H}>.isdisjoint(<[H]>)"),
    ("bool", "(<int> < <int> <= <int>)"), ("bool", "isinstance(<T>, int)"), ("bool", "(<bool> and <bool>)"),
    ("bool", "(<str> is None)"), ("str", "(<str> + <str>)"), ("str", "(<str> * <small>)"), ("str", "<str>[<slice>]"),
    ("str", "<str>[<index>]"), ("str", "str(<int>)"), ("str", "<str>.upper()"), ("str", "<str>.lower()"), ("str", "<str>.strip()"),
    ("str", "<str>.replace(<str>, <str>)"), ("str", "chr(<code>)"), ("str", "<str>.join(<[str]>)"),
    ("str", "''.join(<str/x:T> for <x:T> in <[T]>)"), ("str", "<str>.title()"), ("str", "<str>.capitalize()"),
    ("str", "<str>.zfill(<small>)"), ("str", "<str>.center(<small>)"), ("str", "<str>.ljust(<small>, '*')"),
    ("str", "<str>.rstrip(<str>)"), ("str", "<str>.swapcase()"), ("str", "bin(<int>)"), ("str", "hex(<int>)"), ("str", "str(<bool>)"),
    ("str", "str(<float>)"), ("str", "repr(<str>)"), ("str", "str(<T>)"), ("str", "f\"{<~int>}:{<~str>}\""),
    ("str", "f\"{<~float>:.2f}\""), ("str", "f\"{<~int>:>5}|\""), ("str", "f\"{<~T>}{<~U>!r}\""), ("str", "<str>.partition(<str>)[0]"),
    ("str", "'%d-%s' % (<int>, <str>)"), ("str", "'{} {}'.format(<int>, <str>)"), ("str", "<str>[::-1]"), ("str", "<str>.lstrip()"),
    ("@T", "iter(<[T]>)"), ("@T", "(<T/x:U> for <x:U> in <[U]>)"), ("@T", "(<T/x:U> for <x:U> in <@U> if <bool/x:U>)"),
    ("@T", "map(lambda <p:U>: <T/p:U>, <@U>)"), ("@T", "filter(lambda <p:T>: <bool/p:T>, <@T>)"), ("@(T,U)", "zip(<@T>, <@U>)"),
    ("@(int,T)", "enumerate(<@T>)"), ("@T", "reversed(<[T]>)"), ("@K", "iter(<{K:T}>)"), ("@(T,U)", "zip(<@T>, <[U]>)"),
    ("[T]", "list(<@T>)"), ("[T]", "[<T/x:U> for <x:U> in <@U>]"), ("[O]", "sorted(<@O>)"), ("T", "next(<@T>, <T>)"),
    ("T", "next(<@T>)"), ("int", "sum(<@int>)"), ("bool", "any(<bool/x:T> for <x:T> in <@T>)"), ("O", "max(<@O>, default=<O>)"),
    ("[(T,U)]", "list(zip(<@T>, <[U]>))"), ("str", "','.join(<@str>)"), ("{K:T}", "{<K/x:U>: <T/x:U> for <x:U> in <@U>}"),
    ("bytes", "(<bytes> + <bytes>)"), ("bytes", "<bytes>[<slice>]"), ("bytes", "(<bytes> * <small>)"), ("bytes", "<str>.encode()"),
    ("bytes", "bytes(<bytearray>)"), ("bytes", "bytes(<int/c:int> % 256 for <c:int> in <bytes>)"), ("bytes", "<bytes>.upper()"),
    ("bytes", "<bytes>.replace(<bytes>, <bytes>)"), ("bytes", "<bytes>.join(<[bytes]>)"), ("bytes", "bytes(<[int]>)"),
    ("bytes", "(<int> % 65536).to_bytes(3, 'big')"), ("bytes", "<bytes>.strip()"), ("bytes", "bytes(<small>)"),
    ("[bytes]", "<bytes>.split(<bytes>)"), ("[int]", "list(<bytes>)"), ("[int]", "[<int/c:int> for <c:int> in <bytearray>]"),
    ("int", "<bytes>[<index>]"), ("int", "len(<bytes>)"), ("int", "<bytes>.find(<bytes>)"),
    ("int", "int.from_bytes(<bytes>[:4], 'little')"),
    ("int", "<bytearray>.pop()"), ("int", "<bytearray>[<index>]"), ("int", "sum(<bytes>)"), ("bool", "(<bytes> in <bytes>)"),
    ("bool", "(<bytearray> == <bytes>)"), ("bool", "(<int> in <bytearray>)"), ("bool", "<bytes>.startswith(<bytes>)"),
    ("str", "<bytes>.decode('latin-1')"), ("str", "<bytes>.decode('utf-8', 'replace')"), ("str", "<bytes>.hex()"),
    ("bytearray", "bytearray(<bytes>)"), ("bytearray", "(<bytearray> + <bytes>)"), ("bytearray", "<bytearray>[<slice>]"),
    ("bytearray", "<bytearray>.copy()"), ("bytearray", "bytearray(<small>)"), ("bytearray", "<bytearray>.replace(<bytes>, <bytes>)"),
    ("complex", "(<complex> + <N>)"), ("complex", "(<complex> * <complex>)"), ("complex", "(<complex> / <complex>)"),
    ("complex", "complex(<N>, <N>)"), ("complex", "(<complex> ** <small>)"), ("complex", "(-<complex>)"), ("complex", "(<N> - <complex>)"),
    ("complex", "<complex>.conjugate()"), ("float", "<complex>.real"), ("float", "<complex>.imag"), ("bool", "(<complex> == <N>)"),
    ("str", "min(<str>, key=lambda <p:str>: <O/p:str>)"), ("str", "''.join(sorted(<str>))"), ("str", "''.join(reversed(<str>))"),
)  # fmt: skip
_WORDS = (
    "",
    "a",
    "b",
    "ab",
    "Abc",
    "hello world",
    " x ",
    "1",
    "12",
    "-7",
    "a,b,c",
    "aXbX",
    "x\\n y",
    "\\u00e9t\\u00e9",
    "00",
    "A1b2",
    "3.5",
    ",",
)
_OCTETS = ("", "a", "b", "ab", "Abc d", " x ", "12", "a,b", "\\x00\\xff", "\\xc3\\xa9", "aXbX", "\\n", "\\x80")
_FLOATS = ("0.0", "-0.0", "1.0", "0.5", "-2.5", "0.1", "3.0", "1e16", "1e-7", "100.0", "2.675")
_INTS = ("0", "1", "2", "3", "-1", "-2", "5", "7", "10", "100", "-13", "255", "4096", "3037000500", "9223372036854775807")
_SPECIAL = {
    "index": ("0", "1", "-1", "2", "-2", "3"),
    "small": ("0", "1", "2", "3", "4", "6"),
    "slice": ("1:", ":2", ":-1", "::2", "-2:", "1:3", "::-1", "5:", "3:0:-1", ":", "-3:-1", "::-2", "1::2"),
    "char": ("'a'", "'Z'", "'0'", "' '", "'\\u00e9'"),
    "code": ("65", "97", "48", "233", "8364"),
}  # fmt: skip
_PARTS = re.compile(r"<([^<>]+?)>")


class Palette:
    """The few types that a module is about, so that its variables meet."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self._few = {letter: [dice.choice(types) for _ in range(2)] for letter, types in CHOICES.items()}
        self._some = [dice.choice(ANY) for _ in range(4)]

    def any(self) -> str:
        """Return a type."""
        return self.dice.choice(self._some)

    def one_of(self, letter: str) -> str:
        """Return a type that a letter may stand for."""
        if letter in "TU" and self.dice.random() < 0.7:
            return self.any()
        return self.dice.choice(self._few[letter])


def is_special(type_: str) -> bool:
    """Tell whether a type is none of Python's, but what stands in a few places only as a constant."""
    return type_ in _SPECIAL


def literal(type_: str, dice: Random) -> str:
    """Return a constant of a type."""
    match type_:
        case "int":
            return dice.choice(_INTS[: 10 if dice.random() < 0.8 else None])
        case "float":
            return dice.choice(_FLOATS)
        case "bool":
            return dice.choice(("True", "False"))
        case "str":
            return f"'{dice.choice(_WORDS)}'"
        case "bytes":
            return f"b'{dice.choice(_OCTETS)}'"
        case "bytearray":
            return f"bytearray(b'{dice.choice(_OCTETS)}')"
        case "complex":
            return f"({dice.choice(_FLOATS)} + {dice.choice(_FLOATS).removeprefix('-')}j)"
    if type_ in _SPECIAL:
        return dice.choice(_SPECIAL[type_])
    kind, parts = parsed(type_)
    if kind == "iterator":
        return f"iter({literal(f'[{parts[0]}]', dice)})"
    if kind == "tuple":
        return f"({', '.join(literal(part, dice) for part in parts)})"
    count = dice.choice((0, 1, 2, 3, 3, 4))
    if kind == "list":
        return f"[{', '.join(literal(parts[0], dice) for _ in range(count))}]"
    if kind == "dict":
        return "{" + ", ".join(f"{literal(parts[0], dice)}: {literal(parts[1], dice)}" for _ in range(count)) + "}"
    return "{" + ", ".join(literal(parts[0], dice) for _ in range(count)) + "}" if count else "set()"


def parsed(type_: str) -> tuple[str, tuple[str, ...]]:
    """Return what kind of container a type is, and the types of its parts; "scalar" and none for another."""
    if type_[0] == "@":
        return "iterator", (type_[1:],)
    if type_[0] not in "[({":
        return "scalar", ()
    parts, depth, start = [], 0, 1
    separators = ""
    for place, letter in enumerate(type_):
        depth += (letter in "[({") - (letter in "])}")
        if depth == 1 and letter in ",:":
            parts.append(type_[start:place])
            separators += letter
            start = place + 1
    parts.append(type_[start:-1])
    kind = {"[": "list", "(": "tuple", "{": "dict" if ":" in separators else "set"}[type_[0]]
    return kind, tuple(parts)


def fitting(pattern: str, type_: str, dice: Random) -> dict[str, str] | None:
    """Return what the letters of a template's result are, if it gives this type; None where it does not."""
    if pattern in CHOICES:
        return {pattern: type_} if pattern in "TU" or type_ in CHOICES[pattern] else None
    kind, parts = parsed(pattern)
    other, others = parsed(type_)
    if kind == "scalar":
        return {} if pattern == type_ else None
    if kind != other or len(parts) != len(others):
        return None
    found: dict[str, str] = {}
    for part, wanted in zip(parts, others, strict=True):
        inner = fitting(part, wanted, dice)
        if inner is None or any(found.get(name, value) != value for name, value in inner.items()):
            return None
        found |= inner
    return found
