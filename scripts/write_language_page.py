"""Write docs/language.md from the translator's own tables: what is translated, and what is refused with which code.

python scripts/write_language_page.py            # rewrite the page
python scripts/write_language_page.py --check    # exit status 1 where the page is not what this program writes
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from portalis.translator.diagnostics.catalogue import CATALOGUE
from portalis.translator.frontend.assemble.written.modules import written_modules
from portalis.translator.frontend.calls.builtins import TRANSLATED
from portalis.translator.frontend.calls.library import library_scope
from portalis.translator.frontend.read.annotations import GF_NAMES
from portalis.translator.frontend.read.at_import.bounded import MAX_BITS, MAX_BYTES
from portalis.translator.frontend.read.at_import.tables import METADATA, PURE_BUILTINS
from portalis.translator.frontend.read.class_forms.own_exceptions import RAISABLE
from portalis.translator.ir.host import HOST_TYPES
from portalis.translator.library import gf_signatures
from portalis.translator.library.import_time import IMPORTABLE

PAGE = Path(__file__).parents[1] / "docs" / "language.md"

# What each example line stands in; tests/test_language_page.py translates every one of them.
FRAME = """
import math
from pxr import Gf

STEPS = 4
WEIGHTS = (0.5, 0.25, 0.25)

def helper(a: float, b: float = 1.0) -> float:
    return a * b

def example(x: float, y: float, n: int, ok: bool, v: Gf.Vec3d, w: Gf.Vec3d, q: Gf.Quatd, m: Gf.Matrix4d, mode: str = "fast"):
    total = 0.0
    values = [x, y, 0.0]
{body}
    return total
"""
EXAMPLES = (
    ("assignment, to several names, in place, chained", ("a, b = x, y", "total += x * y", "first = second = x", "c: float = x")),
    ("int (64 bits, checked), float, bool", ("k = n // 3 - n % 5", "z = x ** 2 / (y * y + 1.0)", "bits = (n & 7) << 2")),
    ("comparison, also chained; and, or, not", ("inside = 0.0 < x < 1.0 and not ok", "off = ok is False")),
    ("a choice", ("s = x if ok else y", "big = max(x, y, 1.0)", "z = max(x, 0) * y")),
    ("if, elif, else", ("if x > y:\n        total = x\n    elif ok:\n        total = y\n    else:\n        total = 0.0",)),
    (
        "while and for, with break, continue and else",
        ("while total < x:\n        total += 1.0", "for k in range(STEPS):\n        total += k * x"),
    ),
    (
        "for over values, with their index, in pairs",
        (
            "for value in values:\n        total += value",
            "for k, value in enumerate(values):\n        total += k * value",
            "for a, b in zip(values, WEIGHTS):\n        total += a * b",
            "for value in reversed(values):\n        total -= value",
        ),
    ),
    (
        "tuples, and lists of fixed length",
        ("pair = (x, n)", "values[n % 3] = x", "grid = [0.0] * 8", "k = values.index(y) + values.count(0.0)"),
    ),
    ("calls of functions of the file, by position and by name", ("total = helper(x, b=y)",)),
    ("math", ("angle = math.atan2(y, x)", "total = math.sqrt(x * x + math.pi)")),
    (
        "vectors, quaternions, matrices",
        (
            "u = v * 0.5 + w",
            "v += w",
            "d = Gf.Dot(v, w)",
            "r = q.Transform(v)",
            "p = m.Transform(v)",
            "v[2] = 0.0",
            "up = Gf.Vec3d(0.0, 0.0, 1.0)",
        ),
    ),
    ("constant text", ('fast = mode == "fast"',)),
    ("exceptions that end the call", ('assert y != 0.0, "y is zero"', 'if x < 0.0:\n        raise ValueError("x is negative")')),
)
OPERATORS = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "xor": "^",
    "eq": "==",
    "ne": "!=",
    "neg": "-v",
    "iadd": "+=",
    "isub": "-=",
}
OPERATORS |= {"imul": "*=", "itruediv": "/=", "rmul": "2.0 * v"}
GROUPS = {
    "P00": "Reading the file, and limits",
    "P01": "The entry and its types",
    "P02": "Not translated",
    "P03": "Names and types",
    "P04": "Objects under two names",
    "P05": "Behaviour classes",
    "PV": "Verification",
}


def page() -> str:
    """Return the page's text."""
    return "\n".join([*_introduction(), *_translated(), *_functions(), *_modules(), *_gf(), *_refused()]).rstrip() + "\n"


def _introduction() -> Iterator[str]:
    yield "<!-- Written by scripts/write_language_page.py from the translator's own tables: edit that, and run it. -->"
    yield "# The language"
    yield ""
    yield "What is translated is ordinary Python and means what CPython means by it, to the bit. What is not is refused, all of a file at"
    yield "once, with a code that `portalis explain CODE` knows. Types come from annotations, else from examples and doctests; they never"
    yield "convert. On this page ⏎ is a line break and ⇥ a tab."
    yield ""
    yield "The page is about what runs on prims. `portalis translate` and `translate()` also take functions about objects: lists of any"
    yield "length, any str, dicts, sets and tuples; ints of any size; comprehensions, generators (with `send`) and iterators; inner"
    yield "functions, lambdas and `nonlocal`;"
    yield "`try`, `raise` and `match`; f-strings and formats; `print`; classes, also in functions and classes, whose instances stay inside,"
    yield "with inheritance, properties, special methods, data classes, enumerations and exceptions; named tuples, also as arguments;"
    yield "names of Python's own modules ([below](#modules)), and methods of str, list, dict and set ([methods](methods.md))."
    yield "Closures, built-ins and methods are values; a module's variables keep what calls leave in them. All of it becomes verified"
    yield "WASM, and most of it Rust: not a module that keeps something from call to call, a value that is one of several functions,"
    yield "whether two texts are one object, some handlers of exceptions. Each combination of types that examples show is a signature of"
    yield "its own, and other types than those stop the call."
    yield ""


def _translated() -> Iterator[str]:
    yield from ("## What is translated", "", "| | for example |", "|---|---|")
    for what, lines in EXAMPLES:
        yield f"| {what} | {'<br>'.join(map(_code, lines))} |"
    yield ""
    gf = ", ".join(f"Gf.{name}" for name in GF_NAMES)
    yield f"Types: int, float, bool, str (constants), None, tuple[…], list[…] of fixed length, {gf}."
    yield ""
    hosts = ", ".join(f"`{name}: {type_}`" for name, type_ in HOST_TYPES.items())
    yield f"Parameters of these names that nothing else is bound to come from the host: {hosts}."
    yield ""
    yield "A function's results are bound by the names it returns (`return position, velocity`); one without a name is called `result`. A"
    yield "class's attributes are declared with type and default in its body; those that a method assigns are its results, all can be bound"
    yield "as inputs. Every prim starts from its own copy of the defaults, as if `on_init` had made them: no two prims share a list or a"
    yield "vector, which objects of one Python class would."
    yield ""
    pure = ", ".join(f"`{name}`" for name in sorted(PURE_BUILTINS))
    yield "Outside functions, and in examples, CPython evaluates what stands there whether anything uses it or not. Only this may: literals"
    yield "and their elements, arithmetic, names bound above to such values, `math`, functions and methods of `Gf`, and of the built-ins"
    yield f"{pure}; in annotations, types. A value holds at most {MAX_BITS:,} bits or {MAX_BYTES // 1024} kB there."
    yield 'Names that begin with two underscores are refused, but for `if __name__ == "__main__":`, methods of classes, and'
    yield f"{', '.join(f'`{name}`' for name in sorted(METADATA))}."
    yield ""


def _functions() -> Iterator[str]:
    library = library_scope("math")
    functions, constants = (sorted(name for name in names if name in vars(math)) for names in (library.functions, library.constants))
    yield from ("## Functions", "")
    translated = _names(sorted(row.name for row in TRANSLATED))
    yield f"**Built-in:** {translated}; in the head of a `for` also `range`, `enumerate`, `zip`, `reversed`."
    yield ""
    yield f"**math:** {_names(functions)}; the constants {_names(constants)}. Any other name is refused (P0317)."
    yield ""
    yield f"**Exceptions** that can be raised, with a constant message, and that a class with no body can derive from: {_names(RAISABLE)}."
    yield ""


def _modules() -> Iterator[str]:
    yield from ("## Modules", "")
    yield "In functions about objects these names of Python's own modules may be used, in the ways that have a translation; any other"
    yield "name is refused (P0201, P0317). `random` draws from generators that were given an int as their seed, `random.Random(0)`;"
    yield "what draws from the module's own is refused (P0210), but in a function that seeds it and alone draws, and so is what reads the"
    yield "clock. `json.loads` reads what an annotation says that a text holds, `data: dict[str, int] = json.loads(text)`, and is refused"
    yield "without one. `decimal` computes in its default context, and what"
    yield "would be a signal stops the call, as do years before 1000 in `strftime`, hyphens in `textwrap`, and in `csv` other dialects,"
    yield "escapes and rows of another length than the names of a `DictReader`. A function under"
    yield "`contextlib.contextmanager` is translated where only the head of a `with` calls it, and it has one `yield` and no `return`."
    yield from ("", "| module | names |", "|---|---|")
    written = {"math": written_modules()["math"]}
    for module, names in sorted({**IMPORTABLE, **written}.items()):
        yield f"| `{module}` | {_names(sorted(names - _REFUSED.get(module, frozenset())))} |"
    yield ""


# Names that may be imported, and are refused with a help of their own where they are used.
_REFUSED = {"random": IMPORTABLE["random"] - {"Random"}}


def _gf() -> Iterator[str]:
    yield from ("## pxr.Gf", "", "| types | operators | methods |", "|---|---|---|")
    for types, names in _alike().items():
        operators = dict.fromkeys(OPERATORS[name.strip("_")] for name in names if name.startswith("__"))
        methods = [name for name in names if not name.startswith("_")]
        yield f"| {', '.join(types)} | {' '.join(_code(operator) for operator in operators)} | {_names(methods)} |"
    yield ""
    yield f"Functions: {_names(f'Gf.{name}' for name in gf_signatures.functions())}."
    yield ""
    yield "Elements are read by index (`v[0]`, `m[3][1]`, `m[3, 1]`) and written (`v[0] = x`, `m[3, 1] = x`: `m[3]` is a copy);"
    yield "every type is constructed as in OpenUSD, from numbers, from another value of its shape, or from nothing."
    yield ""


def _alike() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Group the types that offer the same names; a constant such as XAxis() is a method here."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for type_ in (*gf_signatures.VECTORS, *gf_signatures.QUATERNIONS, *gf_signatures.MATRICES):
        names = (*gf_signatures.methods(type_), *gf_signatures.constants(type_))
        groups.setdefault(names, []).append(str(type_).removeprefix("Gf."))
    return {tuple(types): names for names, types in groups.items()}


def _refused() -> Iterator[str]:
    yield from ("## What is refused", "")
    for prefix, title in GROUPS.items():
        yield from (f"### {title}", "", "| code | what | refused | write instead |", "|---|---|---|---|")
        for code, entry in sorted(CATALOGUE.items()):
            if code.startswith(prefix):
                yield f"| {code} | {entry.title} | {_code(entry.example_wrong)} | {_code(entry.example_right)} |"
        yield ""


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _code(text: str) -> str:
    """Return code as one line of a table: line breaks and tabs are shown, and a bar does not end the cell."""
    line = " ⏎ ".join(part.replace("\t", "⇥").strip() for part in text.splitlines() if part.strip())
    return f"`{line}`".replace("|", "\\|") if line else ""


if __name__ == "__main__":
    # Of the folder of this script, which is on the path when it is run and not when it is imported.
    from generated import write_or_check

    sys.exit(write_or_check(PAGE, page(), __doc__ or ""))
