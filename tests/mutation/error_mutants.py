"""Mistakes about exceptions: the text that comes with one, who catches it, what runs on the way out, what names hold there."""

from __future__ import annotations

from tests.references import test_inner_classes, test_own_exceptions
from tests.references.test_errors import CASES, test_what_is_raised_is_what_cpython_raises

from .checks import Check, test
from .mutants import Mutant, mutant
from .planting import Rewrite

_PROTECTION = "backends.llvm.protection:"
_WRITER = _PROTECTION + "ProtectedWriter."
_STATEMENTS = "backends.llvm.statements:FunctionWriter."
_TRYING = "frontend.infer.statements.trying:"
_RUN = "ir.run.statements:_StatementCompiler."
_CLEANED = "try:\n        raise Bad(xs)\n    finally:\n        xs.append(2)"
_CASES = {item.name: item for item in CASES}


def _errors(name: str, executor: str = "llvm small") -> Check:
    return test(test_what_is_raised_is_what_cpython_raises, _CASES[name], executor)


MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "a guard is caught",
        Rewrite(_WRITER + "catch", 'int(site.kind == "guard")', "0"),
        _errors("what_no_handler_takes"),
    ),
    mutant(
        "a caught error stays",
        Rewrite(_WRITER + "catch", 'self.emit(f"store i32 0, ptr {self.context.state.error}, align 4")', "pass"),
        _errors("in_a_loop"),
    ),
    mutant(
        "recursion stays as deep as it was raised",
        Rewrite(_WRITER + "catch", "if depth:", "if False:"),
        _errors("many_in_turn_do_not_use_up_what_recursion_may"),
    ),
    mutant(
        "recursion stays as deep as it was raised, interpreted",
        Rewrite(_RUN + "_try", "machine.depth = depth", "pass"),
        _errors("many_in_turn_do_not_use_up_what_recursion_may", "interpreter"),
    ),
    mutant(
        "what is raised again has lost its text",
        Rewrite(_WRITER + "_restore", 'self.emit(f"store i64 {told}, ptr {TOLD}, align 8")', "pass"),
        _errors("ways_through_what_cleans_up"),
        _errors("nested"),
        _errors("what_is_raised_again_after_another"),
    ),
    mutant(
        "a return does not clean up",
        Rewrite(_STATEMENTS + "_leave_through", "self.innermost_cleanup(0)", "None"),
        _errors("ways_through_what_cleans_up"),
    ),
    mutant(
        "a jump does not clean up",
        Rewrite(_STATEMENTS + "_jump", "self.innermost_cleanup(level)", "None"),
        _errors("in_a_loop"),
    ),
    mutant(
        "an error edge leads out of a body that is protected",
        Rewrite("passes.lowering.error_edges:_Edges._edge", "if self.depth", "if False"),
        _errors("one_class"),
    ),
    mutant(
        "a handler sees what names held at first",
        Rewrite(_TRYING + "_met", "for name, binding in watch.found:", "for name, binding in ():"),
        _errors("what_names_hold_where_it_was_left", "interpreter"),
    ),
    mutant(
        "what cleans up sees no jumps",
        Rewrite(_TRYING + "infer_try", "_left_anywhere(infer, node, True,", "_left_anywhere(infer, node, False,"),
        _errors("what_cleans_up_after_the_end", "interpreter"),
    ),
    mutant(
        "a key is shown as a text is",
        Rewrite("ir.exceptions:constant_message", "repr(site.message)", "site.message"),
        _errors("what_is_asked_of_an_exception", "interpreter"),
    ),
    mutant(
        "a class of one's own is only itself",
        Rewrite("ir.exceptions:ancestry", "while name in own:", "while False:"),
        _errors("classes_of_one_s_own", "interpreter"),
    ),
    mutant(
        "a computed text comes with none",
        Rewrite("backends.llvm.entries:EntryWriter.give_told", "icmp ne i8", "icmp eq i8"),
        _errors("a_text_of_the_caller_s"),
        _errors("a_text_that_is_computed"),
    ),
    mutant(
        "ranges survive what may be left anywhere",
        Rewrite("passes.ranges:Ranges._unchanged_by", "if name not in assigned", "if True"),
        _errors("what_is_proven_of_a_body_that_was_left", "interpreter after passes"),
    ),
    mutant(
        "what an exception is given never changes",
        Rewrite("frontend.infer.expressions.functions.exceptions:_give", "any(can_change(value.type) for value in args)", "False"),
        test(test_own_exceptions.test_what_would_say_something_else_is_refused, _CLEANED),
    ),
    mutant(
        "classes that several calls make are one",
        Rewrite("frontend.read.class_forms.inner.moving:_move_from", "apart and only is None", "False"),
        test(test_inner_classes.test_what_would_differ_is_refused_with_the_reason, "data classes of two calls"),
    ),
    mutant(
        "a class reads variables of the function around it",
        Rewrite("frontend.read.class_forms.inner.moving:_against", "class_reads(node) & names", "set[str]()"),
        test(test_inner_classes.test_what_would_differ_is_refused_with_the_reason, "a global that the function hides"),
    ),
)
