"""Python's built-in functions: the rows of the table, with what each means in `numbers/numeric.py`, `gathering.py` and `kinds.py`."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping, Sequence

from portalis.translator.frontend.calls.binder import Misfit, Parameters, positional_only
from portalis.translator.frontend.calls.gathering import make_list_of, make_tuple_of, maximum, minimum, total
from portalis.translator.frontend.calls.kinds import is_instance
from portalis.translator.frontend.calls.numbers.numeric import absolute, divided, length, power, rounded, to_bool_of, to_complex
from portalis.translator.frontend.calls.rows import Meaning, Refused, Row
from portalis.translator.frontend.calls.texts.conversions import (
    binary_text,
    character_of,
    code_of,
    hexadecimal_text,
    octal_text,
    to_ascii,
    to_float_or_constant,
    to_int_or_parsed,
    to_repr,
    to_text,
)
from portalis.translator.frontend.calls.texts.formatting import format_of
from portalis.translator.frontend.calls.texts.printing import printed, refuse_printing
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import describe
from portalis.translator.frontend.facts.model import Known, Unknown
from portalis.translator.frontend.read.at_import.builtin_names import FORBIDDEN_BUILTINS, HARMLESS_BUILTINS

_DEFAULT_HELP = "write what it does as a function of this file"


def _refuse(infer: Inference, node: ast.Call, row: Row, args: Sequence[Known], misfit: Misfit | None) -> Unknown:
    if misfit is not None and node.keywords:
        return infer.refuse("P0310", node, f"`{row.name}` takes no keyword arguments here", "pass the arguments by position")
    shown = ", ".join(describe(arg.type) for arg in args) or "no argument"
    return infer.refuse("P0308", node, f"`{row.name}` of {shown} has no translation", row.help or "pass numbers")


def _translated(name: str, parameters: Parameters, meaning: Meaning, help: str = "", evaluated: int | None = None) -> Row:
    return Row(name, parameters, meaning, _refuse, help=help, harmless=name in HARMLESS_BUILTINS, evaluated=evaluated)


_HELP: Mapping[str, str] = {
    "sorted": "sort into a fixed-size list with loops, or compare with min and max",
    "range": "use range in a `for` loop only",
    "enumerate": "use enumerate in a `for` loop only",
    "zip": "use zip in a `for` loop only",
    "reversed": "use reversed in a `for` loop only",
    "map": "write a `for` loop",
    "filter": "write a `for` loop with `if`",
    "any": "write a `for` loop with `if` and `break`",
    "all": "write a `for` loop with `if` and `break`",
}
_ONE = positional_only("value")
_MAYBE = positional_only(optional=("value",))
_SOME = positional_only(variadic=True)
_PRINT = Row(
    "print",
    Parameters(
        (),
        only_by_name=("sep", "end", "file", "flush"),
        defaults={"sep": ast.Constant(" "), "end": ast.Constant("\n"), "file": ast.Constant(None), "flush": ast.Constant(False)},
        variadic=True,
    ),
    printed,
    refuse_printing,
    takes_unions=True,
)
TRANSLATED: tuple[Row, ...] = (
    _translated("abs", _ONE, absolute),
    _translated("min", _SOME, minimum, "pass numbers of one type: min(x, 0.0), not min(x, 0)"),
    _translated("max", _SOME, maximum, "pass numbers of one type: max(x, 0.0), not max(x, 0)"),
    _translated("round", Parameters(("number", "ndigits"), 1, (), {"ndigits": None}), rounded),
    _translated("int", positional_only(optional=("value", "base")), to_int_or_parsed, "pass a number or a text"),
    _translated("float", _MAYBE, to_float_or_constant),
    _translated(
        "complex", Parameters(("real", "imag"), 0, (), {"real": ast.Constant(0), "imag": None}), to_complex, "pass one or two numbers"
    ),
    _translated("str", _MAYBE, to_text, "numbers are not turned into text here; return the number"),
    _translated("repr", _ONE, to_repr, "numbers are not turned into text here; return the number"),
    _translated("ascii", _ONE, to_ascii, "numbers are not turned into text here; return the number"),
    _translated("format", positional_only("value", optional=("format_spec",)), format_of, "write an f-string"),
    _translated("ord", _ONE, code_of, "pass a text of one character"),
    _translated("chr", _ONE, character_of, "pass an int"),
    _translated("bin", _ONE, binary_text, "pass an int"),
    _translated("oct", _ONE, octal_text, "pass an int"),
    _translated("hex", _ONE, hexadecimal_text, "pass an int"),
    _translated("bool", _MAYBE, to_bool_of),
    _translated("len", _ONE, length),
    _translated("pow", positional_only("base", "exponent", optional=("modulus",)), power),
    _translated("divmod", positional_only("dividend", "divisor"), divided),
    _translated("sum", positional_only("values", optional=("start",)), total, "sum a list or tuple of numbers of one type"),
    _translated("tuple", _ONE, make_tuple_of),
    _translated("list", _ONE, make_list_of, "write a list of fixed length: [0.0] * 8"),
    _PRINT,
    _translated("isinstance", positional_only("value"), is_instance, evaluated=1),
)


def _row(name: str) -> Row:
    """Return the row of a built-in without a translation."""
    forbidden = FORBIDDEN_BUILTINS.get(name)
    if forbidden is not None:
        refused = Refused(forbidden.code, f"`{name}` is not translated", forbidden.help)
    else:
        refused = Refused("P0224", f"the built-in `{name}` is not translated", _HELP.get(name, _DEFAULT_HELP))
    return Row(name, Parameters(()), refused=refused, harmless=name in HARMLESS_BUILTINS)


BUILTINS: Mapping[str, Row] = {**{name: _row(name) for name in dir(builtins)}, **{row.name: row for row in TRANSLATED}}
