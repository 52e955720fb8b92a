"""Mistakes in the passes: ranges that prove too much, folding that forgets signs and NaNs, lanes that follow the wrong mask."""

from __future__ import annotations

from tests.passes.test_characters import PROGRAMS as CHARACTERS
from tests.passes.test_characters import test_only_characters_that_somebody_asks_for_are_made
from tests.passes.test_closed_ranges import PROGRAMS as CLOSED
from tests.passes.test_closed_ranges import test_what_is_proven_and_what_it_gives
from tests.passes.test_copies import PROGRAMS as COPIES
from tests.passes.test_copies import test_what_only_stands_for_another_goes
from tests.passes.test_fold import FOLDED, test_dead_code_goes, test_folded, test_what_may_stop_or_never_end_stays
from tests.passes.test_lane import (
    test_an_overflow_bails_and_nothing_small_does,
    test_calls_change_what_is_passed_by_reference,
    test_loops_are_unrolled_with_their_jumps,
    test_short_circuits_guard_their_right_side,
)
from tests.passes.test_ranges import test_an_interval_holds_every_result

from .checks import lanes, test, trap
from .mutants import Mutant, mutant
from .planting import Entry, Rewrite

_FOLD = "passes.fold:"
_SIMPLIFY = "passes.simplify:"
_INTERVALS = "passes.facts.intervals:"
_RANGES = "passes.ranges:Ranges."
_FLOW = "passes.lanes.flow:LaneFlow."
_BODY = "passes.lanes.body:_LaneBody."
_EXPRESSIONS = "passes.lanes.expressions:LaneExpressions."
_INTERPRETED = "interpreter after passes"


def _every_folding() -> None:
    for expr, wanted in FOLDED:
        test_folded(expr, wanted)


def _closed(name: str) -> None:
    test_what_is_proven_and_what_it_gives(*CLOSED[name])


def _copies(name: str) -> None:
    test_what_only_stands_for_another_goes(*COPIES[name])


def _characters(name: str) -> None:
    test_only_characters_that_somebody_asks_for_are_made(*CHARACTERS[name])


OF_OBJECTS: tuple[Mutant, ...] = (
    mutant(
        "what a counter adds is known whatever else assigns it",
        Rewrite("passes.facts.counting:bounds_of_sums", "sums.seen[name] == written[name]", "True"),
        test(_closed, "assigned as well"),
    ),
    mutant(
        "a while loop's test is not run once more than its body",
        Rewrite("passes.facts.counting:bounds_of_sums", "most if isinstance(loop, While) else most - 1", "most - 1"),
        test(_closed, "where what was counted ends"),
    ),
    mutant(
        "a loop whose counter may stand still ends",
        Rewrite("passes.facts.counting:_always_added", "if any(isinstance(part, Continue) for part in walk(node)):", "if False:"),
        test(_closed, "a counter that goes on unless told otherwise"),
    ),
    mutant(
        "a copy outlives what it stands for",
        Rewrite("passes.copies:_Copies._is_only_a_name", "if uses and changed:", "if False:"),
        test(_copies, "the original changes before the last use"),
    ),
    mutant(
        "a character is looked for among others",
        Rewrite("passes.characters:_Characters._is_one_of", "ord(one)", "ord(one) + 1"),
        test(_characters, "looked for"),
    ),
)

RANGES: tuple[Mutant, ...] = (
    mutant(
        "a sum is taken to fit where one operand does",
        Entry(_INTERVALS + "TRANSFER", "int.add", lambda a, b: (a[0], b[1])),
        trap("int addition", _INTERPRETED),
        trap("int addition"),
    ),
    mutant(
        "a product's range forgets two of its corners",
        Rewrite(_INTERVALS + "_product", "for second in right", "for second in right[:1]"),
        trap("a product of small numbers"),
    ),
    mutant(
        "less or equal narrows like less",
        Rewrite(_INTERVALS + "where", "(INT_MIN, other[1]))", "(INT_MIN, other[1] - 1))"),
        trap("what a test says of an index"),
    ),
    mutant(
        "a counter is taken to end one earlier",
        Rewrite("passes.ranges:_counter", "stop[1] - 1", "stop[1] - 2"),
        trap("an index that runs past the end"),
    ),
    mutant(
        "a loop's head is taken to be as at its entry",
        Rewrite(_RANGES + "stable_head", "if not assigned & entry.keys():", "if True:"),
        trap("a product in a loop overflows"),
    ),
    mutant(
        "what breaks bring is forgotten",
        Rewrite(_RANGES + "_while", "self.facts = meet(self.facts, breaks)", "pass"),
        trap("what is known after a break"),
    ),
    mutant(
        "both branches are taken to know the test",
        Rewrite(_RANGES + "statement", "self.facts = meet(after, self.facts)", "self.facts = after or self.facts"),
        trap("what a test says of an index"),
        trap("a joined range"),
    ),
    mutant(
        "a negative remainder is forgotten",
        Rewrite(_INTERVALS + "_remainder", "max(min(left[0], 0), -most)", "0"),
        test(test_an_interval_holds_every_result, "int.remainder_truncating"),
    ),
    mutant(
        "a bound index is taken to be checked against the length",
        Rewrite(_RANGES + "_bound", "interval[1] < node.length", "interval[1] <= node.length"),
        trap("an index that runs past the end"),
    ),
)

FOLDING: tuple[Mutant, ...] = (
    mutant(
        "zeros of either sign are the same constant",
        Rewrite(_SIMPLIFY + "same_literal", "return not isinstance(left, float) or math", "return True or math"),
        trap("adding a zero"),
        trap("adding a zero", _INTERPRETED),
    ),
    mutant(
        "zero times anything is zero",
        Rewrite(
            _SIMPLIFY + "simplify_prim",
            "    if prim.op == SELECT:",
            "    if prim.op == 'float.mul' and any(is_value(item, 0.0) for item in args):\n"
            "        return Const(prim.span, prim.type, 0.0)\n"
            "    if prim.op == SELECT:",
        ),
        trap("x * 0 is not zero"),
    ),
    mutant(
        "a value equals itself",
        Rewrite(
            _SIMPLIFY + "simplify_compare",
            "    if isinstance(left, Const)",
            "    if isinstance(left, Local) and isinstance(right, Local) and left.name == right.name:\n"
            "        return truth(compare.span, compare.op in ('le', 'ge', 'eq'))\n"
            "    if isinstance(left, Const)",
        ),
        trap("nan is not itself"),
    ),
    mutant(
        "a difference from itself is zero",
        Rewrite(
            _SIMPLIFY + "simplify_prim",
            "    if prim.op == SELECT:",
            "    if prim.op == 'float.sub' and all(isinstance(item, Local) for item in args) and args[0].name == args[1].name:\n"
            "        return Const(prim.span, prim.type, 0.0)\n"
            "    if prim.op == SELECT:",
        ),
        trap("x - x is not zero"),
    ),
    mutant(
        "an overflowing constant is wrapped",
        Rewrite(
            _SIMPLIFY + "_evaluate",
            "        return prim\n    return Const",
            "        return Const(prim.span, prim.type, (result + 2**63) % 2**64 - 2**63)\n    return Const",
        ),
        trap("an overflow that is known"),
        test(test_what_may_stop_or_never_end_stays),
    ),
    mutant(
        "what may overflow is dead when unused",
        Rewrite("passes.facts.effects:is_quiet", " and node.ending() is None", ""),
        trap("an unused result still raises"),
    ),
    mutant(
        "an index that is not used is not checked",
        Rewrite("passes.facts.effects:is_quiet", "node.ending() is None", "(node.ending() is None or type(node).__name__ == 'Bound')"),
        trap("an unused result still raises"),
    ),
    mutant(
        "`or` with a constant takes the constant",
        Rewrite(
            _FOLD + "_bool_op",
            "return node.right if node.left.value is neutral else node.left",
            "return node.left if node.left.value is neutral else node.right",
        ),
        test(_every_folding),
    ),
    mutant(
        "the wrong branch of a known test stays",
        Rewrite(_FOLD + "_Folder.statement", "return then if test else otherwise", "return otherwise if test else then"),
        test(test_dead_code_goes),
    ),
    mutant(
        "a loop that never runs loses its else clause",
        Rewrite(
            _FOLD + "_Folder.statement",
            "return (new,) if range(start, stop, step) else otherwise",
            "return (new,) if range(start, stop, step) else ()",
        ),
        trap("a loop that never runs"),
    ),
    mutant(
        "callers of functions that raise do not",
        Rewrite("passes.facts.effects:with_callers", "found |= reached", "pass"),
        trap("an error goes through every caller"),
    ),
)

LANES: tuple[Mutant, ...] = (
    mutant(
        "a choice takes the other side",
        Rewrite(_FLOW + "fork", "select(span, test, first.value, second.value)", "select(span, test, second.value, first.value)"),
        lanes("max(x, y, 1.0)"),
    ),
    mutant(
        "where paths meet, locals are the other path's",
        Rewrite(_FLOW + "_merge", "select(span, test, value, otherwise[name])", "select(span, test, otherwise[name], value)"),
        lanes("mover"),
        lanes("loops"),
    ),
    mutant(
        "both sides run under the first side's mask",
        Rewrite(_FLOW + "fork", "self.code.inverse(span, test)", "test"),
        test(test_short_circuits_guard_their_right_side),
        lanes("newton"),
        lanes("mover"),
    ),
    mutant(
        "lanes bail whatever path they are on",
        Rewrite(
            _FLOW + "bail_where", "self.code.both(span, self.mask, test)", "self.code.both(span, self.mask, self.code.inverse(span, test))"
        ),
        lanes("a + b"),
    ),
    mutant(
        "an overflow does not bail",
        Rewrite(_EXPRESSIONS + "_prim", "self.bail_where(prim.span, self._overflows(prim.span, prim.op, args, result))", "pass"),
        lanes("a + b"),
    ),
    mutant(
        "a lane's product of 33 bits is taken to fit",
        Rewrite(_EXPRESSIONS + "_product_overflows", "integer(span, 32)", "integer(span, 34)"),
        test(test_an_overflow_bails_and_nothing_small_does, "int.mul", None),
        lanes("a * b"),
    ),
    mutant(
        "an index out of range does not bail",
        Rewrite(_EXPRESSIONS + "_bound", "self.bail_where(span, outside)", "pass"),
        lanes("(x, y, 1.0)[a]"),
    ),
    mutant(
        "a refused branch does not bail",
        Rewrite(_FLOW + "_follow", "self.bail = self.code.either(span, bail, mask)", "self.bail = bail"),
        lanes("newton"),
    ),
    mutant(
        "`break` goes on with the next iteration",
        Rewrite(_BODY + "_statement", "self.leave(self._loop().breaks)", "self.leave(self._loop().continues)"),
        test(test_loops_are_unrolled_with_their_jumps, "break"),
        lanes("loops"),
    ),
    mutant(
        "an early return takes the last return's value",
        Rewrite(_EXPRESSIONS + "finish", "select(span, exit_.mask, exit_.value, result)", "select(span, exit_.mask, result, exit_.value)"),
        test(test_loops_are_unrolled_with_their_jumps, "return"),
        lanes("newton"),
        lanes("several returns"),
    ),
    mutant(
        "what a callee changes is not copied out",
        Rewrite(_EXPRESSIONS + "_call", "self.replaced(call.span, self.environment[root], way, finals[name])", "self.environment[root]"),
        test(test_calls_change_what_is_passed_by_reference),
    ),
    mutant(
        "a divisor of zero is not made safe",
        (
            Rewrite("passes.lanes.code:LaneCode._safe_divisor", "self.prim(span, SELECT, bad, integer(span, 1), divisor)", "divisor"),
            Rewrite("backends.llvm.operation_writer:OperationWriter.divide", "if self.total:", "if False:"),
        ),
        lanes("a // b"),
    ),
)

MUTANTS = RANGES + OF_OBJECTS + FOLDING + LANES
