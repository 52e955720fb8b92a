"""Every call of the library whose arguments have types from a closed set, as the text of a program: what can be compiled ahead.

Small functions are compiled with the programs that call them; what is listed here in vain costs nothing but the time to read it.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Sequence

from portalis.translator.ir.types import Type
from portalis.translator.library import math as library_math
from portalis.translator.library.gf_signatures import (
    MATRICES,
    QUATERNIONS,
    VECTORS,
    GfSignature,
    constructors,
    functions,
    methods,
)

_SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "xor": "^", "eq": "==", "ne": "!="}
_FLOATS, _INTS, _MIXED = ("x: float", "y: float"), ("m: int", "n: int"), ("x: float", "n: int")
_OPERATIONS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (_FLOATS, ("x // y", "x % y", "x ** y", "x / y", "divmod(x, y)", "int(x)", "round(x)", "min(x, y)", "max(x, y)")),
    (_INTS, ("m // n", "m % n", "m ** n", "m / n", "divmod(m, n)", "m << n", "m >> n", "round(m, n)", "pow(m, n, 7)")),
    (_MIXED, ("round(x, n)", "n ** x", "x ** n", "x == n", "x < n", "float(n)")),
)


def closed_set() -> Iterator[str]:
    """Yield the programs, each with the entry `f`; the front-end may refuse some."""
    for parameters, expressions in _OPERATIONS:
        yield from (_program("", parameters, expression) for expression in expressions)
    for name in dir(math):
        if inspect.isfunction(function := getattr(library_math, name, None)):
            yield _math_program(name, function)
    for type_ in (*VECTORS, *QUATERNIONS, *MATRICES):
        for name, signatures in methods(type_).items():
            yield from (_method_program(type_, name, types) for types in _parameter_lists(signatures))
        yield from (_gf_program((), types, f"{type_}({_names(types)})") for types in _parameter_lists(constructors(type_)))
    for name, signatures in functions().items():
        yield from (_gf_program((), types, f"Gf.{name}({_names(types)})") for types in _parameter_lists(signatures))


_CONTAINERS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("s: str",),
        ("int(s)", "float(s)", "s.lower()", "s.upper()", "s.isalpha()", "s.split()", "s[::-1]", "s.strip()", "sorted(s)", "len(set(s))"),
    ),
    (("s: str", "t: str"), ("s.find(t)", "s.replace(t, s)", "s.split(t)", "s.count(t)", "t in s", "s < t", "s.join([t])")),
    (("s: str", "n: int"), ("int(s, n)", "s[n]", "s[:n]", "s * n", "str(n)", "f'{n}{s}'")),
    (("x: float",), ("str(x)", "f'{x:.2f}'")),
    (("xs: list[str]",), ("str(xs)",)),
    (("z: complex",), ("abs(z)",)),
    (("xs: list[float]", "n: int"), ("round(xs[0], n)", "f'{n:5}'", "bin(n)")),
    *(
        (
            (f"xs: list[{item}]", f"ys: list[{item}]"),
            ("sorted(xs)", "sorted(xs, reverse=True)", "xs == ys", "xs + ys", "xs[::-1]", "set(xs)"),
        )
        for item in ("int", "float", "str")
    ),
    *(((f"xs: list[{item}]",), ("max(xs)", "sum(xs)", "xs.sort()", "[*map(str, xs)]")) for item in ("int", "float")),
    *(
        (("xs: list[int]", f"d: dict[{key}, int]", f"k: {key}"), ("d[k]", "d.get(k, 0)", "k in d", "[*d.items()]"))
        for key in ("int", "str")
    ),
    (("xs: list[int]", "s: set[int]"), ("s & set(xs)", "s | set(xs)", "xs[0] in s", "xs.index(1)", "1 in xs")),
)
_STATEMENTS = (
    "def f(xs: list[int]):\n    d = {}\n    for x in xs:\n        d[x] = d.get(x, 0) + 1\n    return d\n",
    "def f(s: str):\n    d = {}\n    for c in s:\n        d[c] = d.get(c, 0) + 1\n    return d\n",
    "from collections import Counter\ndef f(xs: list[int], s: str):\n    return Counter(xs), Counter(s)\n",
    *(
        f"import re\ndef f(s: str):\n    return {call}\n"
        for call in (
            "re.findall('a+', s)",
            "re.sub('a+', 'b', s)",
            "bool(re.search('a+', s))",
            "bool(re.match('a+', s))",
            "re.split('a+', s)",
            "re.findall(s, s)",
        )
    ),
)


def closed_set_with_references() -> Iterator[str]:
    """Yield programs on texts and on containers that are often seen, each with the entry `f`: they have references."""
    for parameters, expressions in _CONTAINERS:
        yield from (_program("", parameters, expression) for expression in expressions)
    yield from _STATEMENTS


def _program(head: str, parameters: Sequence[str], expression: str) -> str:
    return f"{head}def f({', '.join(parameters)}):\n    z = {expression}\n    return z\n"


def _math_program(name: str, function: Callable[..., object]) -> str:
    parameters = inspect.signature(function).parameters
    return _program(
        "import math\n", [f"{item}: {found.annotation}" for item, found in parameters.items()], f"math.{name}({', '.join(parameters)})"
    )


def _parameter_lists(signatures: Sequence[GfSignature]) -> Iterator[tuple[Type, ...]]:
    """Yield the parameter types of each way to call, with and without what may be left out."""
    for signature in signatures:
        for count in range(len(signature.parameters) - signature.optional, len(signature.parameters) + 1):
            yield signature.parameters[:count]


def _names(types: Sequence[Type]) -> str:
    return ", ".join(f"p{index}" for index in range(len(types)))


def _gf_program(receiver: tuple[str, ...], types: Sequence[Type], expression: str) -> str:
    return _program("from pxr import Gf\n", [*receiver, *(f"p{index}: {type_}" for index, type_ in enumerate(types))], expression)


def _method_program(receiver: Type, name: str, types: Sequence[Type]) -> str:
    return _gf_program((f"a: {receiver}",), types, _method_call(name, _names(types)))


def _method_call(name: str, arguments: str) -> str:
    """Spell a method's call; the operator where it is one's, in place too: both kinds come to the same functions of the library."""
    if not name.startswith("__"):
        return f"a.{name}({arguments})"
    plain = name.strip("_")
    if plain == "neg":
        return "-a"
    if plain.startswith("r"):
        return f"{arguments} {_SYMBOLS[plain[1:]]} a"
    symbol = _SYMBOLS.get(plain) or _SYMBOLS[plain[1:]]
    return f"a {symbol} {arguments}"
