"""Mistakes in lowering Python: evaluation orders, what is evaluated once, names, objects and types."""

from __future__ import annotations

from tests.frontend.test_refused import test_refused

from .checks import test, trap
from .mutants import Mutant, mutant
from .planting import Entry, Rewrite

_CHOICES = "frontend.infer.expressions.choices:"
_ASSIGNMENTS = "frontend.infer.statements.assignments:"
_NUMBERS = "frontend.types.numbers.number:"
_COMPARING = "frontend.types.sequences.comparing:"
_ITERATION = "frontend.infer.statements.iteration:"
_INTERPRETED = "interpreter"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "a chain evaluates its middle twice",
        Rewrite(_CHOICES + "_chain", "and not (right.is_constant or", "and False and not (right.is_constant or"),
        trap("a chained comparison evaluates its middle once"),
        trap("a middle operand with an effect"),
    ),
    mutant(
        "a chain does not stop early",
        Rewrite(
            "frontend.lowering.operations:Lowering.value",
            "BoolOp(span, type_, op, self.value(left), self.value(right))",
            'Prim(span, type_, f"bool.{op}", (self.value(left), self.value(right)))',
        ),
        trap("a chained comparison stops early"),
    ),
    mutant(
        "`and` and `or` are exchanged as values",
        Rewrite(
            _CHOICES + "_join_operands",
            "(right, held) if conjunction else (held, right)",
            "(held, right) if conjunction else (right, held)",
        ),
        trap("and returns its operand"),
    ),
    mutant(
        "`or` gives its last operand",
        Rewrite(
            _CHOICES + "_join_operands",
            "table.choose(infer, node, test, then, otherwise)",
            "table.choose(infer, node, test, then, otherwise) if conjunction else table.choose(infer, node, test, otherwise, otherwise)",
        ),
        trap("or returns its operand"),
    ),
    mutant(
        "an else clause is dropped", Rewrite("frontend.infer.statements.loops:_finish", "infer.body(node.orelse)", "pass"), trap("for else")
    ),
    mutant(
        "a loop's else clause is run after its breaks",
        Rewrite(
            "frontend.lowering.functions:BodyLowering._counted",
            "block.append(ForRange(loop.span, loop.counter, *bounds, tuple(body), otherwise))",
            "block.append(ForRange(loop.span, loop.counter, *bounds, tuple(body), ())); block += otherwise",
        ),
        trap("for else"),
    ),
    mutant(
        "unassigned names are not looked for",
        Rewrite("frontend.infer.frame:Frame.load", "if binding.maybe:", "if False:"),
        trap("unbound local"),
        trap("unbound loop variable"),
    ),
    mutant(
        "a loop's target is not marked as assigned",
        Rewrite(
            "frontend.infer.statements.loops:_assign_target",
            "infer.add(infer.assignment(node.target.id, item, span)[1])",
            "infer.assignment(node.target.id, item, span)",
        ),
        trap("unbound loop variable"),
    ),
    mutant(
        "an augmented assignment reads its target last",
        Rewrite(
            "frontend.infer.statements.augmented:infer_augmented",
            "table.binary(infer, node, symbol, place, value)",
            "table.binary(infer, node, symbol, value, place)",
        ),
        trap("augmented targets are the left operand"),
    ),
    mutant(
        "targets are assigned as their values come",
        Rewrite(
            _ASSIGNMENTS + "_assign_pairwise",
            "fact if isinstance(fact, Unknown) or fact.is_constant else shared_temporary(infer, fact)",
            "fact",
        ),
        trap("swap"),
    ),
    mutant(
        "the last target is assigned first",
        Rewrite(_ASSIGNMENTS + "infer_assign", "for target in node.targets:", "for target in reversed(node.targets):"),
        trap("chained targets in order"),
    ),
    mutant(
        "keyword arguments go where they stand",
        Rewrite("frontend.calls.rows:arrange", "[values[name] for name in order]", "list(values.values())"),
        trap("keyword arguments"),
    ),
    mutant(
        "keyword arguments are evaluated in the parameters' order",
        Rewrite("frontend.calls.rows:arrange", "_computed(values, values) != _computed(values, order)", "False"),
        trap("keyword arguments are evaluated as written"),
    ),
    mutant(
        "defaults belong to the first parameters",
        Rewrite(
            "frontend.calls.binder:parameters_of",
            "positional[len(positional) - len(given.defaults) :], given.defaults",
            "positional[len(positional) - len(given.defaults) :], reversed(given.defaults)",
        ),
        trap("keyword arguments"),
    ),
    mutant(
        "aliases of a changed object stay readable",
        Rewrite("frontend.infer.ownership:change_root", "for partner in sorted(state.partners((root,))):", "for partner in ():"),
        test(test_refused, "alias_then_mutate"),
    ),
    mutant(
        "an object may be passed twice to be changed",
        Rewrite("frontend.infer.applying:_by_reference", "if other != name and reached & value.roots:", "if False:"),
        test(test_refused, "same_argument_twice"),
    ),
    mutant(
        "a result is never the caller's own object",
        Rewrite("frontend.represent.identity:result_identity", "return summary.identity", "return ()"),
        trap("returning the argument itself"),
    ),
    mutant(
        "what changes an argument is not by reference",
        Rewrite("frontend.infer.ownership:change_root", "frame.effects.by_ref.add(root)", "pass"),
        trap("list store"),
    ),
    mutant(
        "true division of ints is floor division",
        Entry("frontend.types.numbers.number:_INT_LIBRARY", "/", "int_floordiv"),
        trap("int true division"),
    ),
    mutant(
        "a float operator is that of ints",
        Entry("frontend.types.numbers.number:_FLOAT_LIBRARY", "//", "float_truediv"),
        trap("float floor division"),
    ),
    mutant(
        "sums are folded as differences",
        Entry("frontend.types.numbers.number:_FOLDED", "-", lambda a, b: b - a),
        trap("constants in any order"),
    ),
    mutant(
        "an int is compared as a float",
        Rewrite(_NUMBERS + "Number.compare", "abs(side.constant) <= 2**53", "abs(side.constant) <= 2**64"),
        trap("comparison with a large constant"),
    ),
    mutant(
        "operands of a mixed comparison are swapped, the comparison is not",
        Rewrite(_NUMBERS + "Number.compare", "_SWAPPED[op]", "op"),
        trap("float and int compared"),
    ),
    mutant(
        "a NaN is false",
        Rewrite(
            "frontend.types.numbers.float:Float.truth",
            'Compared("ne", value, constant(span, 0.0))',
            'Compared("gt", value, constant(span, 0.0))',
        ),
        trap("truth of floats"),
    ),
    mutant(
        "sequences that differ in one part are equal",
        Rewrite(
            _COMPARING + "compare_sequences",
            'Joined("and", equal, result)',
            'Joined("or", equal, result)',
        ),
        trap("list equality"),
    ),
    mutant(
        "`not in` is `in`",
        Rewrite(_COMPARING + "contains", 'primitive(span, BOOL, "bool.not", result)', "result"),
        trap("membership"),
    ),
    mutant(
        "what an expression statement raises is dropped",
        Rewrite("frontend.infer.statements.plain:infer_expression_statement", "not is_simple(value)", "False"),
        trap("an unused result still raises"),
    ),
    mutant(
        "a refusal in a loop is forgotten",
        Rewrite("frontend.infer.statements.loops:_trust_head", "del joined.names[name]", "pass"),
        test(test_refused, "loop_reads_itself"),
    ),
    mutant(
        "a refusal in a callee is told once",
        Rewrite("frontend.assemble.session:Session.signature", "report.add(refused)", "pass"),
        test(test_refused, "callee_in_loop"),
    ),
    mutant(
        "a fresh list is the last iteration's",
        Rewrite(
            "frontend.types.sequences.indexing:bounded",
            "index.constant + length if index.constant < 0",
            "index.constant + length - 1 if index.constant < 0",
        ),
        trap("constant negative index"),
    ),
    mutant(
        "a step of zero is not looked for",
        Rewrite(_ITERATION + "_iterate_range", "infer.add(Tested(span, zero, (Raised(span,", "(Tested(span, zero, (Raised(span,"),
        trap("range with a step"),
    ),
    mutant(
        "enumerate counts from one",
        Rewrite(
            _ITERATION + "_enumerate_source",
            "number = index",
            "number = primitive(index.span, INT, 'int.add', constant(index.span, 1), index)",
        ),
        trap("iterating a list while storing"),
    ),
    mutant(
        "reversed forgets the last element",
        Rewrite(_ITERATION + "_reversed", "inner.length - 1", "max(0, inner.length - 2)"),
        trap("zip and reversed"),
    ),
    mutant(
        "a negated constant is not negated",
        Rewrite(_NUMBERS + "Number.unary", "return constant(span, -value.constant)", "return constant(span, 0 - value.constant)"),
        trap("a negative zero that is written"),
    ),
    mutant(
        "two numbers that may be ints are added as floats",
        Rewrite("frontend.types.numbers.number:_float_binary", "side.type == FLOAT and side.as_float is None", "True"),
        trap("extremes of two that may be ints"),
    ),
    mutant(
        "an int may be the greatest of floats",
        Rewrite("frontend.calls.gathering:_mixed_extreme", "[*steps, guard]", "steps"),
        trap("a float is the greatest"),
    ),
    mutant(
        "the first of many elements decides",
        Rewrite(_COMPARING + "_element", "element_at(sequence, 0, sequence.type.elements[0])", "item(sequence, 0)"),
        trap("a constant among many constants"),
    ),
    mutant(
        "NaNs among many are not looked for",
        Rewrite(_COMPARING + "find", 'name if _cannot_be_one_nan(element, against) else f"{name}_without_nans"', "name"),
        trap("membership in many floats"),
    ),
    mutant(
        "a bool is not what it is",
        Rewrite("frontend.types.numbers.bool:Bool.identical", '"ne" if negated else "eq"', '"eq" if negated else "ne"'),
        trap("identity of bools"),
    ),
    mutant(
        "a value that is not in the list is at its end",
        Rewrite("frontend.calls.methods.fixed_lists:_index", "steps.append(Tested(span, absent, (missing,)))", "pass"),
        trap("index among ints"),
    ),
    mutant(
        "a parameter hides a constant of math",
        Rewrite(
            "frontend.infer.expressions.names:foreign_constant",
            "Names(library_scope(module), frozenset())",
            "Names(library_scope(module), infer.names.local)",
        ),
        trap("a parameter named like a constant of math"),
    ),
)
