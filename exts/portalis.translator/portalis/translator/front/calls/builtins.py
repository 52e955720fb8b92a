"""Python's built-in functions: the rows of the table, with what each means in `numeric.py`, `gathering.py` and `kinds.py`."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping, Sequence

from portalis.translator.front.calls.binder import Misfit, Parameters, positional_only
from portalis.translator.front.calls.gathering import make_list_of, make_tuple_of, maximum, minimum, total
from portalis.translator.front.calls.kinds import is_instance
from portalis.translator.front.calls.numeric import absolute, divided, length, power, rounded, to_bool_of, to_float_of, to_int_of
from portalis.translator.front.calls.rows import Meaning, Refused, Row
from portalis.translator.front.facts.inference import Inference
from portalis.translator.front.facts.making import describe
from portalis.translator.front.facts.model import Known, Unknown

_DEFAULT_HELP = "write what it does as a function of this file"
_IO = "a translated function reads its parameters and returns values, nothing else; return what you want to see"
_DYNAMIC = "write the code itself: everything must be known when it is translated"
_NAMED = "name the attribute directly: thing.attribute"
_DICTIONARY = "use separate variables, a tuple, or a list of fixed length indexed by number"


def _refuse(infer: Inference, node: ast.Call, row: Row, args: Sequence[Known], misfit: Misfit | None) -> Unknown:
    if misfit is not None and node.keywords:
        return infer.refuse("P0310", node, f"`{row.name}` takes no keyword arguments here", "pass the arguments by position")
    shown = ", ".join(describe(arg.type) for arg in args) or "no argument"
    return infer.refuse("P0308", node, f"`{row.name}` of {shown} has no translation", row.help or "pass numbers")


def _translated(name: str, parameters: Parameters, meaning: Meaning, help: str = "", evaluated: int | None = None) -> Row:
    return Row(name, parameters, meaning, _refuse, help=help, harmless=True, evaluated=evaluated)


def _untranslated(code: str, help: str, *names: str, harmless: bool = False) -> tuple[Row, ...]:
    return tuple(Row(name, Parameters(()), refused=Refused(code, f"`{name}` is not translated", help), harmless=harmless) for name in names)


# What reads and writes nothing and gives the same answer everywhere, but has no translation: a module may use it while it is imported.
_HARMLESS = (
    "all", "any", "bin", "bytes", "chr", "classmethod", "complex", "enumerate", "filter", "hex", "map", "object", "oct", "ord", "property",
    "range", "repr", "reversed", "slice", "sorted", "staticmethod", "str", "super", "type", "zip",
)  # fmt: skip
_HELP: Mapping[str, str] = {
    "sorted": "sort into a fixed-size list with loops, or compare with min and max",
    "range": "use range in a `for` loop only",
    "enumerate": "use enumerate in a `for` loop only",
    "zip": "use zip in a `for` loop only",
    "reversed": "use reversed in a `for` loop only",
    "str": "numbers are not turned into text; return the number",
    "map": "write a `for` loop",
    "filter": "write a `for` loop with `if`",
    "any": "write a `for` loop with `if` and `break`",
    "all": "write a `for` loop with `if` and `break`",
}
_ONE = positional_only("value")
_MAYBE = positional_only(optional=("value",))
_SOME = positional_only(variadic=True)
TRANSLATED: tuple[Row, ...] = (
    _translated("abs", _ONE, absolute),
    _translated("min", _SOME, minimum, "pass numbers of one type: min(x, 0.0), not min(x, 0)"),
    _translated("max", _SOME, maximum, "pass numbers of one type: max(x, 0.0), not max(x, 0)"),
    _translated("round", Parameters(("number", "ndigits"), 1, (), {"ndigits": None}), rounded),
    _translated("int", _MAYBE, to_int_of, "pass a number"),
    _translated("float", _MAYBE, to_float_of),
    _translated("bool", _MAYBE, to_bool_of),
    _translated("len", _ONE, length),
    _translated("pow", positional_only("base", "exponent", optional=("modulus",)), power),
    _translated("divmod", positional_only("dividend", "divisor"), divided),
    _translated("sum", positional_only("values", optional=("start",)), total, "sum a list or tuple of numbers of one type"),
    _translated("tuple", _ONE, make_tuple_of),
    _translated("list", _ONE, make_list_of, "write a list of fixed length: [0.0] * 8"),
    _translated("isinstance", positional_only("value"), is_instance, evaluated=1),
)
_REFUSED: tuple[Row, ...] = (
    *_untranslated("P0210", _IO, "print", "input", "open", "breakpoint"),
    *_untranslated("P0211", _DYNAMIC, "eval", "exec", "compile", "__import__", "globals", "locals"),
    *_untranslated("P0220", _NAMED, "getattr", "setattr", "hasattr", "delattr", "vars", "dir"),
    *_untranslated("P0212", _DICTIONARY, "dict", "set", "frozenset", harmless=True),
)


def _without_translation(name: str) -> Row:
    refused = Refused("P0224", f"the built-in `{name}` is not translated", _HELP.get(name, _DEFAULT_HELP))
    return Row(name, Parameters(()), refused=refused, harmless=name in _HARMLESS)


_NAMED_ROWS = {row.name: row for row in (*TRANSLATED, *_REFUSED)}
BUILTINS: Mapping[str, Row] = {name: _NAMED_ROWS.get(name) or _without_translation(name) for name in dir(builtins)}
