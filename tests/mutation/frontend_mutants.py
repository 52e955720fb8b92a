"""Mistakes in lowering Python: evaluation orders, what is evaluated once, names, objects and types."""

from __future__ import annotations

from tests.frontend.test_refused import test_refused

from .checks import test, trap
from .mutants import Mutant, mutant
from .planting import Entry, Rewrite

_EXPRESSIONS = "frontend.lower_expressions:"
_ASSIGNMENTS = "frontend.assignments:"
_COMPARISONS = "frontend.comparisons:"
_CALLS = "frontend.lower_calls:"
_INTERPRETED = "interpreter"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "a chain evaluates its middle twice",
        Rewrite(_EXPRESSIONS + "_chain", "if not (right.is_constant or", "if False and not (right.is_constant or"),
        trap("a chained comparison evaluates its middle once"),
        trap("a middle operand with an effect"),
    ),
    mutant(
        "a chain does not stop early",
        Rewrite(
            _EXPRESSIONS + "_chain",
            'BoolOp(context.span(node), BOOL, "and", first.expr, others.expr)',
            'Prim(context.span(node), BOOL, "bool.and", (first.expr, others.expr))',
        ),
        trap("a chained comparison stops early"),
    ),
    mutant(
        "`and` and `or` are exchanged as values",
        Rewrite(
            _EXPRESSIONS + "_join_operands",
            "(right, held) if conjunction else (held, right)",
            "(held, right) if conjunction else (right, held)",
        ),
        trap("and returns its operand"),
    ),
    mutant(
        "`or` is a bool",
        Rewrite(
            _EXPRESSIONS + "_join_operands",
            "choose(context, node, test, then, otherwise)",
            "choose(context, node, test, then, otherwise) if conjunction else choose(context, node, test, constant(span, 1.0), otherwise)",
        ),
        trap("or returns its operand"),
    ),
    mutant("an else clause is dropped", Rewrite("frontend.loops:_finish", "lower_body(context, node.orelse)", "pass"), trap("for else")),
    mutant(
        "a loop's else clause is run after its breaks",
        Rewrite(
            "frontend.loops:_finish",
            "context.join([Branch(context.state, otherwise), *lowered.frame.breaks])",
            "context.join([Branch(context.state, otherwise), *lowered.frame.breaks]); context.block.extend(otherwise); otherwise = []",
        ),
        trap("for else"),
        trap("while else"),
    ),
    mutant(
        "unassigned names are not looked for",
        Rewrite("frontend.context:Context.load", "if binding.maybe:", "if False:"),
        trap("unbound local"),
        trap("unbound loop variable"),
    ),
    mutant(
        "a loop's target is not marked as assigned",
        Rewrite("frontend.loops:_iterate_once", "context.block.extend(context.mark_assigned(node.target.id, span))", "pass"),
        trap("unbound loop variable"),
    ),
    mutant(
        "an augmented assignment reads its target last",
        Rewrite(
            _ASSIGNMENTS + "lower_augmented",
            "result = binary(context, node, symbol, place, value)",
            "result = binary(context, node, symbol, value, place)",
        ),
        trap("augmented targets are the left operand"),
    ),
    mutant(
        "targets are assigned as their values come",
        Rewrite(
            _ASSIGNMENTS + "_assign_pairwise",
            "lowered if lowered.poison or lowered.is_constant else shared_temporary(context, lowered)",
            "lowered",
        ),
        trap("swap"),
    ),
    mutant(
        "the last target is assigned first",
        Rewrite(_ASSIGNMENTS + "lower_assign", "for target in node.targets:", "for target in reversed(node.targets):"),
        trap("chained targets in order"),
    ),
    mutant(
        "keyword arguments go where they stand",
        Rewrite(_CALLS + "_bind", "return order, [bound[parameter] for parameter in order]", "return order, list(bound.values())"),
        trap("keyword arguments"),
    ),
    mutant(
        "keyword arguments are evaluated in the parameters' order",
        Rewrite(_CALLS + "_bind", "if evaluated != order and", "if False and"),
        trap("keyword arguments are evaluated as written"),
    ),
    mutant(
        "defaults belong to the first parameters",
        Rewrite(
            _CALLS + "defaults_of",
            "positional[len(positional) - len(defaults) :], defaults",
            "positional[len(positional) - len(defaults) :], reversed(defaults)",
        ),
        trap("keyword arguments"),
    ),
    mutant(
        "aliases of a changed object stay readable",
        Rewrite("frontend.ownership:change_root", "for partner in sorted(state.partners((root,))):", "for partner in ():"),
        test(test_refused, "alias_then_mutate"),
    ),
    mutant(
        "an object may be passed twice to be changed",
        Rewrite("frontend.calls:_by_reference", "if other != name and reached & value.roots:", "if False:"),
        test(test_refused, "same_argument_twice"),
    ),
    mutant(
        "a result is never the caller's own object",
        Rewrite("frontend.program:check_identity", "return summary.identity", "return ()"),
        trap("returning the argument itself"),
    ),
    mutant(
        "what changes an argument is not by reference",
        Rewrite("frontend.ownership:change_root", "context.by_ref.add(root)", "pass"),
        trap("list store"),
    ),
    mutant(
        "true division of ints is floor division", Entry("frontend.operators:_INT_LIBRARY", "/", "int_floordiv"), trap("int true division")
    ),
    mutant(
        "a float operator is that of ints", Entry("frontend.operators:_FLOAT_LIBRARY", "//", "float_truediv"), trap("float floor division")
    ),
    mutant("sums are folded as differences", Entry("frontend.operators:_FOLDED", "-", lambda a, b: b - a), trap("constants in any order")),
    mutant(
        "an int is compared as a float",
        Rewrite(_COMPARISONS + "_compare_numbers", "abs(side.constant) <= 2**53", "abs(side.constant) <= 2**64"),
        trap("comparison with a large constant"),
    ),
    mutant(
        "operands of a mixed comparison are swapped, the comparison is not",
        Rewrite(_COMPARISONS + "_compare_numbers", "swapped = _SWAPPED[op]", "swapped = op"),
        trap("float and int compared"),
    ),
    mutant(
        "a NaN is false",
        Rewrite(
            "frontend.conversions:truth",
            'Compare(span, BOOL, "ne", value.expr, Const(span, FLOAT, 0.0))',
            'Compare(span, BOOL, "gt", value.expr, Const(span, FLOAT, 0.0))',
        ),
        trap("truth of floats"),
    ),
    mutant(
        "sequences that differ in one part are equal",
        Rewrite(
            _COMPARISONS + "_compare_sequences",
            'BoolOp(span, BOOL, "and", equal.expr, result.expr)',
            'BoolOp(span, BOOL, "or", equal.expr, result.expr)',
        ),
        trap("list equality"),
    ),
    mutant(
        "`not in` is `in`",
        Rewrite(_COMPARISONS + "contains", 'Value(Prim(span, BOOL, "bool.not", (result.expr,)))', "result"),
        trap("membership"),
    ),
    mutant(
        "what an expression statement raises is dropped",
        Rewrite("frontend.lower_statements:lower_expression_statement", "not (value.poison or is_simple(value))", "False"),
        trap("an unused result still raises"),
    ),
    mutant(
        "a refusal in a loop is forgotten",
        Rewrite("frontend.loops:_settle", "del joined.names[name]", "pass"),
        test(test_refused, "loop_reads_itself"),
    ),
    mutant(
        "a refusal in a callee is told once",
        Rewrite("frontend.session:Session.signature", "scope.report.add(self._refused[key])", "pass"),
        test(test_refused, "callee_in_loop"),
    ),
    mutant(
        "a fresh list is the last iteration's",
        Rewrite(
            "frontend.subscripts:bounded",
            "index.constant + length if index.constant < 0",
            "index.constant + length - 1 if index.constant < 0",
        ),
        trap("constant negative index"),
    ),
    mutant(
        "a step of zero is not looked for",
        Rewrite("frontend.iteration:_iterate_range", "context.emit(If(span, zero, (Raise(span,", "(If(span, zero, (Raise(span,"),
        trap("range with a step"),
    ),
    mutant(
        "enumerate counts from one",
        Rewrite(
            "frontend.iteration:_enumerate_source",
            "number = index if first.constant == 0 and first.is_constant else",
            "number = Prim(index.span, INT, 'int.add', (constant(index.span, 1).expr, index)) "
            "if first.constant == 0 and first.is_constant else",
        ),
        trap("iterating a list while storing"),
    ),
    mutant(
        "reversed forgets the last element",
        Rewrite("frontend.iteration:_reversed", "inner.length - 1", "max(0, inner.length - 2)"),
        trap("zip and reversed"),
    ),
    mutant(
        "a negated constant is not negated",
        Rewrite("frontend.operators:negative", "return constant(span, -value.constant)", "return constant(span, 0 - value.constant)"),
        trap("a negative zero that is written"),
    ),
)
