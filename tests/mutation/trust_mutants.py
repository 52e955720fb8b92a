"""Mistakes at the doors: who is asked before what, what a behaviour may write, what reaches a terminal, how the command line ends."""

from __future__ import annotations

from tests.bridge import test_compiled
from tests.stage import test_check, test_trust
from tests.test_cli import (
    test_a_refusal_goes_to_standard_error_with_its_place,
    test_bake_never_overwrites_its_input,
    test_code_of_a_stage_is_denied_until_trusted,
    test_translate_never_overwrites_its_source,
)
from tests.test_terminal import (
    test_a_device_without_end_is_no_source,
    test_control_characters_are_shown_and_ordinary_text_stays,
    test_markup_of_rich_in_a_name_is_text,
    test_translate_escapes_what_it_quotes,
)

from .checks import Check, test
from .mutants import Mutant, mutant
from .planting import Rewrite, Value

_COMPILING = "stage.run.compiling:"
_TRUST = "stage.author.trust:"
_TARGETS = "stage.plan.targets:"
_UNASKED = test(test_trust.test_nothing_of_code_that_nobody_approved_is_compiled)


def _written(name: str, type_name: str) -> Check:
    return test(test_check.test_what_must_not_be_written_is_refused, name, type_name, "PS130")


MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "code is compiled before trust is asked",
        Rewrite(
            _COMPILING + "Compiling.compile",
            "module = prepared.modules[key[0]]\n",
            "module = prepared.modules[key[0]]\n        self._engine.compile(module.source, key[1])\n",
        ),
        _UNASKED,
    ),
    mutant(
        "a run asks nobody",
        Rewrite(_COMPILING + "Compiling.compile", "if problem := self._trust.problem(module, write_set(items)):", "if problem := None:"),
        _UNASKED,
    ),
    mutant(
        "warming asks nobody",
        Rewrite("stage.run.warm:warm", "if trust.problem(prepared.modules[module], write_set(items)) is not None:", "if False:"),
        _UNASKED,
    ),
    mutant(
        "what waits for a word is not shown",
        Rewrite("stage.run.warm:requests", "is not None", "is None"),
        _UNASKED,
    ),
    mutant(
        "the headless host trusts everything",
        Rewrite(_TRUST + "default_policy", "tuple(patterns)", '("*",)'),
        test(test_code_of_a_stage_is_denied_until_trusted),
    ),
    mutant(
        "an approval covers whatever is written",
        Rewrite(_TRUST + "Approvals.approved", "known and covered.issuperset(writes)", "known"),
        test(test_trust.test_an_approval_covers_its_write_set_and_nothing_more),
    ),
    mutant(
        "an approval is for any source",
        (
            # Two locks: the record's hash is compared, and its code is made with it.
            Rewrite(_TRUST + "Approvals.approved", 'record["sha256"] == sha256 and ', ""),
            Rewrite(_TRUST + "Approvals._mac", "json.dumps([sha256, sorted(set(writes))])", "json.dumps(sorted(set(writes)))"),
        ),
        test(test_trust.test_an_approval_covers_its_write_set_and_nothing_more),
    ),
    mutant(
        "code that writes nothing needs nobody's word",
        Rewrite(_TRUST + "Approvals.approved", "known and covered", "covered"),
        test(test_trust.test_code_that_writes_nothing_needs_an_approval_too),
    ),
    mutant(
        "anybody can write an approval",
        Rewrite(_TRUST + "Approvals.approved", 'hmac.compare_digest(str(record["mac"]), self._mac(sha256, paths))', "True"),
        test(test_trust.test_a_record_that_this_user_did_not_write_approves_nothing),
    ),
    mutant(
        "settings that others can write to are relied on",
        Rewrite("private.host_key:require_own_folder", "status.st_mode & 0o022", "status.st_mode & 0"),
        test(test_trust.test_settings_that_others_can_write_to_approve_nothing, 0o777),
    ),
    mutant(
        "a source is not held to its recorded hash",
        Rewrite("stage.plan.modules:read_module", "if recorded and recorded != digest:", "if False:"),
        test(test_trust.test_a_source_that_is_not_the_recorded_one_does_not_run),
    ),
    mutant("no namespace is forbidden", Value(_TARGETS + "_FORBIDDEN_NAMESPACES", ()), _written("omni:scripting:level", "double")),
    mutant("no name is forbidden", Value(_TARGETS + "_FORBIDDEN_NAMES", frozenset()), _written("fileFormatVersion", "int")),
    mutant("inputs that hold code are written", Value(_TARGETS + "_EXECUTED_INPUTS", ()), _written("inputs:usePath", "bool")),
    mutant(
        "graphs are written",
        Value(_TARGETS + "_GRAPH_TYPES", ()),
        test(test_check.test_nothing_of_a_graph_that_a_host_executes_is_written, "OmniGraphNode"),
    ),
    mutant(
        "nodes of a type that nobody knows are written",
        Rewrite(_TARGETS + "is_graph", " or bool(prim.HasAttribute(GRAPH_MARK))", ""),
        test(test_check.test_nothing_of_a_graph_that_a_host_executes_is_written, "Scope"),
    ),
    mutant(
        "any token is written",
        Rewrite(_TARGETS + "_text_problem", 'codec.family != "token" or', "True or"),
        _written("label", "token"),
    ),
    mutant(
        "a device is read",
        Rewrite("source:_require_regular", "if not stat.S_ISREG(mode):", "if False:"),
        test(test_a_device_without_end_is_no_source),
    ),
    mutant(
        "control characters stay in names",
        Rewrite("source:visible_line", "text if text.isprintable() else", "text if True else"),
        test(test_control_characters_are_shown_and_ordinary_text_stays),
    ),
    mutant(
        "a terminal obeys what it is shown",
        Rewrite("cli.output:SafeConsole.render_str", "super().render_str(visible(text)", "super().render_str(text"),
        test(test_translate_escapes_what_it_quotes),
    ),
    mutant(
        "a terminal obeys markup",
        Rewrite("cli.output:SafeConsole.render_str", ' | {"markup": False, "emoji": False}', ""),
        test(test_markup_of_rich_in_a_name_is_text),
    ),
    mutant(
        "a refused source ends with success",
        Rewrite("cli.output:refuse", "raise typer.Exit(1)", "raise typer.Exit(0)"),
        test(test_a_refusal_goes_to_standard_error_with_its_place),
    ),
    mutant(
        "what is emitted replaces the source",
        Rewrite("cli.translate:translate_command", "Path(output).resolve() == Path(file).resolve()", "False"),
        test(test_translate_never_overwrites_its_source),
    ),
    mutant(
        "a bake replaces its stage",
        Rewrite("cli.stage:refuse_same_file", "output.resolve() == stage.resolve() or is_one_file(output, stage)", "False"),
        test(test_bake_never_overwrites_its_input),
    ),
    mutant(
        "a store has no limits of its own",
        Rewrite(
            "bridge.sandbox:Instance.__init__",
            "self._store.set_limits(info.memory_bytes, info.table_elements, instances=1, tables=1, memories=1)",
            "pass",
        ),
        test(test_compiled.test_a_store_takes_no_more_than_was_validated, "memory_bytes"),
        test(test_compiled.test_a_store_takes_no_more_than_was_validated, "table_elements"),
    ),
)
