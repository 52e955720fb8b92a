"""Where a call that counts its own fuel pays: once for every iteration of a loop, and on entry to what could multiply calls.

Invariant: without fuel a call ends. Between two payments nothing runs but a function's body, with loops of few trips and calls of the
library in it, whose own loops pay in their turn.
"""

from __future__ import annotations

from collections.abc import Mapping

from portalis.translator.ir.nodes import Const, ForRange, Function, Program, While, walk, walk_function
from portalis.translator.passes.facts.effects import callees, with_callers

# A loop that is known to be this short is taken for its body written out: paying would keep LLVM from doing just that.
FREE_TRIPS = 64


def is_free(loop: While | ForRange) -> bool:
    """Tell whether a loop's iterations are not paid for: few, and without loops among them."""
    if not isinstance(loop, ForRange):
        return False
    ends = [end.value for end in (loop.start, loop.stop, loop.step) if isinstance(end, Const) and isinstance(end.value, int)]
    if len(ends) < 3 or abs(ends[1] - ends[0]) > FREE_TRIPS * abs(ends[2]):
        return False
    return not any(node.leads == "round" for node in walk(loop) if node is not loop)


def pays_on_entry(functions: Mapping[str, Function], function: Function) -> bool:
    """Tell whether a function of the user's calls others of the user's: a few such, each calling the next twice, call the last for ever."""
    return not function.library and any(not functions[name].library for name in callees(function))


def may_run_dry(program: Program) -> frozenset[str]:
    """Return the names of the functions that pay, by themselves or through what they call."""
    functions = {function.name: function for function in program.functions}
    return with_callers(program, [function.name for function in program.functions if _pays(functions, function)])


def _pays(functions: Mapping[str, Function], function: Function) -> bool:
    loops = (node for node in walk_function(function) if isinstance(node, While | ForRange))
    return pays_on_entry(functions, function) or any(not is_free(loop) for loop in loops)
