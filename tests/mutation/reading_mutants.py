"""Mistakes in reading a file: what may run at import, what is executed of it, what a class body sees, what may grow."""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable

import pytest

from tests import test_syntax
from tests.frontend import test_accepted, test_at_import, test_class_scope, test_growth
from tests.frontend.agreement import Trapped

from .checks import Check, test
from .mutants import Mutant, mutant
from .planting import Rewrite

_IMPORTER = "frontend.read.at_import.module:_Importer."
_BOUNDED = "frontend.read.at_import.bounded:"
_ACCEPTED = "frontend.read.accepted:"
_CLASSES = "frontend.assemble.classes:"
# A call that nobody looked at is a trap of its own.
_CALLS_ARE_READ = Rewrite(
    _ACCEPTED + "_Function._expression", "case ast.Call() if id(node) in self.visited or", "case ast.Call() if True or"
)
_SPOILED = dict(test_syntax.spoiled())["a name with underscores"]


def traced(function: Callable[..., object], *args: str) -> Check:
    """Call a test that looks for traces, with the built-in that leaves them."""
    return Check(f"{function.__name__}{args}", functools.partial(_traced, function, *args))


def _traced(function: Callable[..., object], *args: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builtins, "trace", test_at_import.trace, raising=False)
        test_at_import.TRACES.clear()
        try:
            function(*args)
        except (NameError, Trapped) as error:
            # A file that has to be refused was executed, and lacks what was left out of it, or comes to what nothing may come to.
            raise AssertionError(error) from error
        finally:
            test_at_import.TRACES.clear()


def called_by_python(start: str) -> Check:
    """Translate a file that makes Python call something of its own while it is imported."""
    (text,) = (item for item in test_at_import.UNRELATED if item.endswith(start))
    return traced(test_at_import.test_definitions_that_python_calls_by_itself, text)


def never_reached(name: str) -> Check:
    """Look for what stands in one place that nothing reaches."""
    return test(test_accepted.test_what_is_never_reached_is_a_trap, name, dict(test_accepted.NEVER_REACHED)[name])


def initial(name: str) -> Check:
    """Compare the fields and defaults of one class with CPython's."""
    return test(test_class_scope.test_initial_state_and_defaults_are_those_of_the_python_class, name)


MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "values are not held to the list", Rewrite(_IMPORTER + "_value", "self._refuse(error)", "pass"), called_by_python("\nA = d()\n")
    ),
    mutant(
        "defaults are not looked at",
        Rewrite(_IMPORTER + "_define_function", "self._value(default, owner)", "pass"),
        called_by_python("def g(a=d()): pass\n"),
    ),
    mutant(
        "annotations are not held to the list",
        Rewrite(_IMPORTER + "_annotation", "self._refuse(error, in_annotation=True)", "pass"),
        test(test_at_import.test_an_annotation_that_fails_or_is_none_is_refused, "float[int]"),
    ),
    mutant(
        "decorators are not looked at",
        Rewrite(_IMPORTER + "_decorator", 'self._refuse(NotOnTheList(node, "a decorator"))', "pass"),
        called_by_python("@d\ndef g(): pass\n"),
    ),
    mutant(
        "base classes are not looked at",
        Rewrite(_IMPORTER + "_bases", 'self._refuse(NotOnTheList(base, "a base class other than one of Python\'s own types"))', "pass"),
        called_by_python("class E(D): pass\n"),
    ),
    mutant(
        "arguments of classes are not looked at",
        Rewrite(_IMPORTER + "_define_class", 'self._refuse(NotOnTheList(keyword.value, "an argument of a class"))', "pass"),
        called_by_python("return trace()\nclass E(metaclass=D): pass\n"),
    ),
    mutant(
        "the fields of classes are not looked at",
        Rewrite(_IMPORTER + "_define_class", "self.run(node.body, {})", "pass"),
        called_by_python("class A:\n    a = d()\n"),
    ),
    mutant(
        "names with underscores are read",
        Rewrite("frontend.read.at_import.names:check_names", 'name.startswith("__") and', "False and"),
        test(test_at_import.test_no_name_with_two_underscores, "def g(x): return x.__class__"),
    ),
    mutant(
        "any attribute of math is a constant",
        Rewrite("frontend.read.at_import.values:member", 'case "math" if name in MATH_CONSTANTS:', 'case "math":'),
        test(test_at_import.test_no_attribute_but_those_of_the_tables, "import math", "math.prod"),
    ),
    mutant(
        "what Gf gives is taken for small",
        Rewrite(_BOUNDED + "BoundedArithmetic.binary", 'raise TooLarge("what nobody knows before it runs")', "return UNKNOWN"),
        test(test_at_import.test_nothing_huge_is_computed, "2 ** Gf.Dot(V, V)"),
    ),
    mutant(
        "a file's constants are not counted together",
        Rewrite(_BOUNDED + "BoundedArithmetic.hold", "self.spent += size", "pass"),
        test(test_at_import.test_small_parts_that_grow_together),
    ),
    mutant(
        "examples are not held to the list",
        Rewrite("frontend.assemble.examples:_typed", "not _may_be_evaluated(scope, definition, node, allowed)", "False"),
        test(test_at_import.test_an_example_is_held_to_the_list),
    ),
    mutant(
        "dead statements are executed",
        (Rewrite(_ACCEPTED + "_Function.statements", "if id(statement) not in self.visited:", "if False:"), _CALLS_ARE_READ),
        never_reached("after a return"),
    ),
    mutant(
        "dead expressions are executed",
        (Rewrite(_ACCEPTED + "_Function._lazy", "if id(node) in self.visited else trap(node)", ""), _CALLS_ARE_READ),
        never_reached("a conditional expression"),
        never_reached("or"),
    ),
    mutant(
        "names that dead code assigns become the module's",
        Rewrite("frontend.read.class_forms.nodes:trap_statements", "if names:", "if False:"),
        test(test_accepted.test_names_that_only_dead_code_assigns_stay_local),
    ),
    mutant(
        "a generator passes for a function",
        Rewrite(
            "frontend.read.at_import.dead_code:check_dead_code", "case ast.Yield() | ast.YieldFrom() | ast.Await():", "case ast.Await():"
        ),
        test(test_accepted.test_a_generator_without_a_yield_that_is_reached_is_refused),
    ),
    mutant(
        "what the entry does not reach is executed",
        Rewrite(
            _ACCEPTED + "_Module._statement",
            "case ast.FunctionDef() if id(statement) in self.visited or",
            "case ast.FunctionDef() if True or",
        ),
        test(test_accepted.test_only_what_the_entry_reaches_is_executed),
    ),
    mutant(
        "a name with underscores arrives",
        Rewrite("syntax:_name", 'not found.startswith("__")', "True"),
        test(test_syntax.test_a_text_that_says_anything_else_builds_nothing, "a name with underscores", _SPOILED),
    ),
    mutant(
        "any module may be imported by what arrives",
        Rewrite("syntax:_module", "found in MODULES", "True"),
        test(test_syntax.test_what_is_not_in_the_table_is_not_written, "import os"),
    ),
    mutant(
        "a class body sees the module's names first",
        Rewrite(_CLASSES + "_read_fields", "owner.shadow(name, statement.value)", "pass"),
        initial("an imported name"),
    ),
    mutant(
        "a method's default is the module's",
        Rewrite(_CLASSES + "_read_fields", "scope.owners[id(statement)] = seen", "pass"),
        initial("a default of the entry"),
    ),
    mutant(
        "a module's constant is read with the names of a class",
        Rewrite("frontend.infer.expressions.names:module_constant", "names.scope.binder(name)", "names.scope"),
        initial("a constant that is made of one that the class shadows"),
    ),
    mutant(
        "a tuple may hold any number of values",
        Rewrite("frontend.types.sequences.building:make_tuple", "type_.parts > MAX_PARTS", "False"),
        test(test_growth.test_values_that_double_in_a_function, "pairs"),
    ),
)
