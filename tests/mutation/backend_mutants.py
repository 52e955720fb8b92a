"""Mistakes in the text that the LLVM back-end writes, and in the linker that finishes its modules."""

from __future__ import annotations

from tests.backends.llvm.kernels import divide, integrate
from tests.backends.llvm.test_assumptions import (
    test_an_argument_by_reference_stays_the_callers_where_a_later_one_changes_something_else,
    test_an_operand_that_is_a_place_behind_statements_is_copied_before_a_later_one_changes_it,
    test_only_functions_of_values_are_said_to_touch_no_memory,
    test_what_is_read_through_a_reference_is_not_ones_own,
)
from tests.backends.llvm.test_lanes import (
    _quotients,
    _vectors,
    test_counts,
    test_inactive_lanes_are_left_out,
    test_mixed_errors,
)
from tests.backends.llvm.test_library_objects import test_sites_of_a_linked_function_have_the_programs_numbers
from tests.backends.llvm.test_scalar import TestAggregates, TestErrors, TestOperations
from tests.backends.llvm.test_steady import (
    GROWING,
    test_ends_of_ranges_and_lists_that_are_sometimes_there,
    test_loops_over_ranges_do_what_cpython_does,
)

from .checks import lanes, test, trap
from .mutants import Mutant, mutant
from .planting import Entry, Rewrite

_LLVM = "backends.llvm."
_TABLES = _LLVM + "operations:"
_SIMPLE = _TABLES + "SIMPLE"
_OPERATIONS = _LLVM + "operation_writer:OperationWriter."
_EXPRESSIONS = _LLVM + "expressions:ExpressionWriter."
_STATEMENTS = _LLVM + "statements:FunctionWriter."
_LOOPS = _LLVM + "loop_writer:LoopWriter."
_LANES = _LLVM + "lanes:"
_OPERATIONS_TEST = TestOperations()

OPERATIONS: tuple[Mutant, ...] = (
    mutant("unsigned division", Entry(_TABLES + "DIVISIONS", "int.divide_truncating", "udiv"), trap("int floor division")),
    mutant("unsigned remainder", Entry(_TABLES + "DIVISIONS", "int.remainder_truncating", "urem"), trap("int modulo")),
    mutant("right shift without sign", Entry(_TABLES + "SHIFTS", "int.shift_right", "lshr"), trap("right shift")),
    mutant(
        "logical shift with sign",
        Entry(_TABLES + "SHIFTS", "int.shift_right_logical", "ashr"),
        trap("float modulo"),
        test(_OPERATIONS_TEST.test_shifts, "shift_right_logical"),
    ),
    mutant("less is unordered", Entry(_TABLES + "FLOAT_COMPARISONS", "lt", "ult"), trap("not less is not greater or equal")),
    mutant("equal is unordered", Entry(_TABLES + "FLOAT_COMPARISONS", "eq", "ueq"), trap("nan is not itself")),
    mutant("not equal is ordered", Entry(_TABLES + "FLOAT_COMPARISONS", "ne", "one"), trap("truth of floats")),
    mutant("unsigned comparison of ints", Entry(_TABLES + "SIGNED_COMPARISONS", "lt", "ult"), trap("comparison of ints")),
    mutant("less or equal is less", Entry(_TABLES + "SIGNED_COMPARISONS", "le", "slt"), trap("comparison of ints")),
    mutant(
        "addition overflows unsigned",
        (
            Rewrite(
                _OPERATIONS + "checked",
                "name = operations.OVERFLOWING[node.op]",
                'name = operations.OVERFLOWING[node.op].replace("sadd", "uadd")',
            ),
            Rewrite(_LLVM + "support:_assembled", "(head, ", '(head, "declare {i64, i1} @llvm.uadd.with.overflow.i64(i64, i64)\\n", '),
        ),
        trap("int addition"),
    ),
    mutant(
        "overflow not looked at",
        Rewrite(
            _OPERATIONS + "checked",
            'self.branch_rarely(self.value(f"extractvalue {{i64, i1}} {pair}, 1"), error)',
            "pass",
        ),
        trap("int subtraction"),
    ),
    mutant(
        "a product of 33 bits is taken to fit", Rewrite(_OPERATIONS + "checked_product", "{2**32}", "{2**33}"), trap("int multiplication")
    ),
    mutant(
        "a constant factor's range is one too large",
        Rewrite(_TABLES + "factor_range", "min(INT_MAX, high // factor)", "min(INT_MAX, high // factor + 1)"),
        trap("multiplication by a constant"),
        trap("overflow at either end"),
    ),
    mutant(
        "operands of a difference swapped",
        Entry(_SIMPLE, "float.sub", "fsub double {1}, {0}"),
        trap("x - x is not zero"),
        trap("negation is no subtraction"),
    ),
    mutant("negation is a subtraction from zero", Entry(_SIMPLE, "float.neg", "fsub double 0.0, {0}"), trap("float negation")),
    mutant(
        "sums may be reassociated",
        Entry(_SIMPLE, "float.add", "fadd fast double {0}, {1}"),
        trap("no reassociation"),
        trap("adding and taking away"),
    ),
    mutant("products ignore NaN and signed zeros", Entry(_SIMPLE, "float.mul", "fmul nnan nsz double {0}, {1}"), trap("x * 0 is not zero")),
    mutant(
        "quotients are products with the reciprocal",
        Entry(_SIMPLE, "float.div", "fdiv arcp double {0}, {1}"),
        trap("float division by a constant"),
    ),
    mutant("floor is truncation", Entry(_SIMPLE, "float.floor", "call double @llvm.trunc.f64(double {0})"), trap("floor")),
    mutant("ceil is floor", Entry(_SIMPLE, "float.ceil", "call double @llvm.floor.f64(double {0})"), trap("ceil")),
    mutant(
        "rounding to the nearest is truncation",
        Entry(_SIMPLE, "float.rint", "call double @llvm.trunc.f64(double {0})"),
        trap("round to int"),
    ),
    mutant(
        "ints are converted as unsigned", Entry(_SIMPLE, "int.to_float", "uitofp i64 {0} to double"), trap("int to float rounds to even")
    ),
    mutant(
        "arguments of copysign swapped",
        Entry(_SIMPLE, "float.copysign", "call double @llvm.copysign.f64(double {1}, double {0})"),
        trap("float modulo"),
    ),
    mutant("abs does nothing", Entry(_SIMPLE, "float.abs", "fadd double {0}, -0.0"), trap("abs keeps no sign")),
    mutant("bools are signed", Entry(_SIMPLE, "bool.to_int", "sext i1 {0} to i64"), trap("bool is an int")),
    mutant(
        "single floats are not rounded",
        Rewrite(
            _OPERATIONS + "primitive",
            """self.value(f"fpext float {self.value(f'fptrunc double {args[0]} to float')} to double")""",
            "args[0]",
        ),
        trap("single vectors round"),
    ),
    mutant(
        "a negative index is moved one too far",
        Rewrite(_OPERATIONS + "bound", "add i64 {index}, {node.length}", "add i64 {index}, {node.length - 1}"),
        trap("list index"),
    ),
    mutant("an index may equal the length", Rewrite(_OPERATIONS + "bound", "icmp uge i64", "icmp ugt i64"), trap("list index")),
    mutant(
        "negative indices are errors",
        Rewrite(_OPERATIONS + "bound", "select i1 {negative}, i64 {moved}, i64 {index}", "select i1 {negative}, i64 {index}, i64 {index}"),
        trap("list store"),
    ),
)

FLOW: tuple[Mutant, ...] = (
    mutant(
        "both sides of `and` are evaluated",
        Rewrite(_EXPRESSIONS + "bool_op", "if is_cheap(node.right):", "if True:"),
        trap("short circuit protects", "llvm O0 scalar"),
    ),
    mutant(
        "`or` is `and`",
        Rewrite(_EXPRESSIONS + "bool_op", "i1 true, i1 {right}", "i1 {right}, i1 false"),
        trap("mixed comparison is exact", "llvm O0 scalar"),
        trap("strings compare"),
    ),
    mutant(
        "sides of a choice swapped",
        Rewrite(_EXPRESSIONS + "if_expression", "{kind} {then}, {kind} {otherwise}", "{kind} {otherwise}, {kind} {then}"),
        trap("or returns its operand"),
    ),
    mutant(
        "both branches of a choice are evaluated",
        Rewrite(_EXPRESSIONS + "if_expression", "is_cheap(node.then) and is_cheap(node.otherwise)", "True"),
        trap("conditional protects"),
    ),
    mutant(
        "an operand is not copied before a later one changes it",
        Rewrite(_EXPRESSIONS + "operands", "any(map(self.may_write, nodes[index + 1 :]))", "False"),
        test(TestAggregates().test_a_later_operand_changes_an_earlier_one),
    ),
    mutant(
        "an argument by reference is copied before a later one changes something else",
        Rewrite(_EXPRESSIONS + "operands", "index not in places and ", ""),
        test(test_an_argument_by_reference_stays_the_callers_where_a_later_one_changes_something_else),
    ),
    mutant(
        "a place behind statements is not copied",
        Rewrite(_LLVM + "expressions:is_own", "return is_own(value)\n        case Local()", "return True\n        case Local()"),
        test(test_an_operand_that_is_a_place_behind_statements_is_copied_before_a_later_one_changes_it),
    ),
    mutant(
        "what is read through a reference is taken for one's own",
        Rewrite(_LLVM + "expressions:is_own", "value.type.duplicable and ", ""),
        test(test_what_is_read_through_a_reference_is_not_ones_own),
    ),
    mutant(
        "a function of references is said to touch no memory",
        Rewrite(_LLVM + "context:ModuleContext.is_pure", "function.name in self._deal_in_values and ", ""),
        test(test_only_functions_of_values_are_said_to_touch_no_memory),
    ),
    mutant(
        "an argument by reference is copied",
        Rewrite(
            _EXPRESSIONS + "call",
            "if changes and not parameter.by_ref and not is_own(argument):",
            "if changes and not is_own(argument):",
        ),
        trap("a callee changes a list"),
    ),
    mutant(
        "the error word is not looked at after a call",
        Rewrite(_EXPRESSIONS + "fallible", "self.check_call(self.error_block(edge, node))", "pass"),
        trap("operands are evaluated left to right"),
    ),
    mutant(
        "a call of a function that can fail has no error edge",
        Rewrite("passes.lowering.error_edges:_Edges.expr", "not self.endings.of(node)", "True"),
        trap("operands are evaluated left to right"),
    ),
    mutant(
        "an error of the library is not blamed on the user's call",
        Rewrite(_OPERATIONS + "write_exits", "elif blamed:", "elif False:"),
        test(test_sites_of_a_linked_function_have_the_programs_numbers, 0),
    ),
    mutant(
        "error sites are one off",
        Rewrite(
            _LLVM + "context:ModuleContext.site_number", "return self._numbers[site.key]", "return max(1, self._numbers[site.key] - 1)"
        ),
        trap("raise"),
    ),
    mutant(
        "a loop runs once too often",
        Rewrite(_LOOPS + "_rounds", '"slt" if node.step.value > 0', '"sle" if node.step.value > 0'),
        trap("assigning to the loop variable"),
    ),
    mutant("a loop down compares as one up", Rewrite(_LOOPS + "_rounds", 'else "sgt"', 'else "slt"'), trap("counting down")),
    mutant(
        "a loop with a step runs past the end",
        Rewrite(_LOOPS + "_more_at_constant_step", "{abs(step)}", "{abs(step) - 1}"),
        trap("range with constant steps"),
    ),
    mutant(
        "a computed range forgets its last value",
        Rewrite(_LOOPS + "_computed_range", "sub i64 {high}, {low}')}, 1", "sub i64 {high}, {low}')}, 2"),
        trap("range with a step"),
    ),
    mutant(
        "`break` runs the else clause of for",
        Rewrite(_LOOPS + "_iterations", "self._body(node, latch, done)", "self._body(node, latch, empty)"),
        trap("for else"),
    ),
    mutant(
        "`break` runs the else clause of while",
        Rewrite(_LOOPS + "while_loop", "self._body(node, head, done)", "self._body(node, head, exhausted)"),
        trap("while else"),
    ),
    mutant(
        "`continue` leaves the loop",
        Rewrite(
            _STATEMENTS + "statement",
            "self._jump(self.loops[-1].again, self.loops[-1].level)",
            "self._jump(self.loops[-1].done, self.loops[-1].level)",
        ),
        trap("continue in for else"),
    ),
    mutant(
        "the loop variable ends one step too far",
        Rewrite(
            _LOOPS + "_iterations",
            """self.emit(f"store i64 {following}, ptr {counter}, align 8")""",
            """self.emit(f"store i64 {following}, ptr {counter}, align 8"); """
            """self.emit(f"store i64 {following}, ptr {self.places[node.target]}, align 8")""",
        ),
        trap("loop variable after the loop"),
    ),
    mutant(
        "a list that grows is taken to stay as long as it is",
        Rewrite("passes.facts.steady:SteadyLists.of", "if any(map(self._may_change, nodes)):", "if False:"),
        test(test_ends_of_ranges_and_lists_that_are_sometimes_there, GROWING, "growing", [([1], 5)]),
    ),
    mutant(
        "a range is taken to be inside lists to its end",
        Rewrite(_LOOPS + "_limit", """self.value(f"call i64 @llvm.smin.i64(i64 {stop}, i64 {least})")""", "stop"),
        test(test_loops_over_ranges_do_what_cpython_does, 7),
    ),
    mutant(
        "one call too deep is allowed",
        Rewrite(_STATEMENTS + "_enter_recursion", "icmp uge i32", "icmp ugt i32"),
        test(TestErrors().test_recursion_limit, 1000),
    ),
    mutant(
        "the depth is not restored on the way back",
        Rewrite(_STATEMENTS + "_leave", "sub i32 {depth}, 1", "sub i32 {depth}, 0"),
        trap("many calls, none of them deep"),
    ),
    mutant(
        "a changed parameter is the caller's own",
        Rewrite(_STATEMENTS + "_bind", "own = parameter.name in changed and not parameter.by_ref", "own = False"),
        trap("a tuple parameter given another value"),
    ),
)

ENTRIES: tuple[Mutant, ...] = (
    mutant(
        "NaN leaves as the engine made it",
        Rewrite(_LLVM + "entries:EntryWriter.canonical", "select i1 {unordered}, {width} {nan}", "select i1 false, {width} {nan}"),
        test(_OPERATIONS_TEST.test_float_pairs, "sub"),
    ),
    mutant(
        "an error of the last call is still there",
        Rewrite(_LLVM + "entries:EntryWriter.reset", 'self.emit(f"store i32 0, ptr {ERROR}, align 4")', "pass"),
        trap("raise"),
    ),
    mutant(
        "any but the last bail bit is lost",
        Rewrite(_LANES + "_fast_loop", "add i64 {before}, {bail}", "add i64 0, {bail}"),
        test(test_mixed_errors, (0,)),
        lanes("newton"),
    ),
    mutant(
        "the last lane of a block is not rerun",
        Rewrite(_LANES + "_blocks", "_exact_call(first, end,", """_exact_call(first, writer.value(f"sub i32 {end}, 1"),"""),
        test(test_mixed_errors, (127,)),
        lanes("newton"),
    ),
    mutant(
        "a tail is taken for a whole block",
        Rewrite(_LANES + "_blocks", "call i32 @llvm.umin.i32(i32 {left}, i32 {LANE_BLOCK})", "or i32 {LANE_BLOCK}, {LANE_BLOCK}"),
        test(test_counts, 129, divide, _quotients),
    ),
    mutant(
        "a lane that is left out runs",
        Rewrite(_LANES + "_exact_loop", "icmp ne i8 {active}, 0", "icmp uge i8 {active}, 0"),
        test(test_inactive_lanes_are_left_out),
    ),
    mutant(
        "failed lanes are not counted",
        Rewrite(_LANES + "_exact_loop", "zext i1 {failed} to i32", "zext i1 false to i32"),
        test(test_mixed_errors, (3,)),
        lanes("newton"),
    ),
    mutant(
        "words of clean blocks are not cleared",
        Rewrite(_LANES + "_blocks", "shl i32 {count}, 2", "shl i32 {count}, 1"),
        test(test_counts, 2, integrate, _vectors),
    ),
    mutant(
        "an input shared by all lanes is read lane by lane",
        Rewrite(
            _LANES + "LaneWriter.read",
            "column.register if column.uniform else self.element(column, index)",
            'self.element(column, index or "0")',
        ),
        test(test_mixed_errors, (3,)),
    ),
)

LINKER: tuple[Mutant, ...] = (
    mutant(
        "segments lie on one another",
        Rewrite(_LLVM + "link:_lay_out", "address += len(contents)", "address += 0"),
        trap("a table of constants"),
    ),
    mutant(
        "the host's room begins inside the data",
        Rewrite(_LLVM + "link:_lay_out", "layout.heap_base = _align(address, _ALIGNMENT)", "layout.heap_base = stack_top"),
        trap("a table of constants"),
    ),
    mutant("a relocation's addend is lost", Rewrite(_LLVM + "link:_relocated_code", " + place.addend", ""), trap("sines of large numbers")),
    mutant(
        "functions of the second object are numbered from zero",
        Rewrite(_LLVM + "link:_lay_out", "layout.first_function.append(function)", "layout.first_function.append(0)"),
        trap("library errors"),
    ),
    mutant(
        "error sites of linked objects stay theirs",
        Rewrite(_LLVM + "build:build_module", "numbers[key] for number, key", "number for number, _"),
        trap("errors of two library functions"),
    ),
)

MUTANTS = OPERATIONS + FLOW + ENTRIES + LINKER
