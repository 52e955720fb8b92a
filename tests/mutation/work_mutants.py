"""Mistakes in what confines processes, and in what is between a host, its judge and its oracles."""

from __future__ import annotations

import signal
import sys

from portalis.translator.syntax import TRAP
from portalis.translator.verify.oracle.answers import Told
from portalis.translator.verify.oracle.program import Trapped
from tests.bridge import test_wire as test_bridge_wire
from tests.calling import test_wire
from tests.verify import test_answers, test_dropped, test_judges, test_messages, test_namespace, test_tally, test_witness
from tests.work import test_codec, test_frames

from .checks import Check, test
from .mutants import Mutant, mutant
from .planting import InChildren, Rewrite, Value

_NAMESPACE, _ENTRY, _ANSWERS = (f"verify.oracle.{name}:" for name in ("namespace", "entry", "answers"))
_TALLY = "verify.tally:Tally._verdict"


def _confining() -> tuple[Mutant, ...]:
    import resource

    from tests.work import test_confined, test_payloads, test_report, test_supply, test_wired, test_worker
    from tests.work.harness import PREREQUISITE
    from tests.work.kernel import require
    from tests.work.processes import Confined
    from tests.work.rows import attacked

    def hold_row(name: str, profile: str = "oracle") -> None:
        """Try every payload under one protection alone, as `tests/work/test_payloads.py` does under each."""
        table = test_payloads.ALONE_AS_ROOT if test_payloads.ROOT_USER else test_payloads.ALONE
        stopped = table[name] - (test_payloads.LEFT_TO_THE_JUDGE if profile == "judge" else set())
        if test_payloads.ROOT_USER:
            # Whoever has all of root's rights may type into any terminal.
            stopped -= {"type_into_the_terminal"}
        bare, alone = attacked([(profile, []), (profile, [PREREQUISITE, name])], None)
        require(alone.report, name)
        assert stopped and not stopped & bare.worked & alone.worked

    def row(name: str, profile: str = "oracle") -> Check:
        return Check(f"payloads under `{name}` of the {profile} alone", lambda: hold_row(name, profile))

    def hold_standing() -> None:
        # Where this process writes no core files either, their absence says nothing.
        own = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (own[1], own[1]))
        try:
            with Confined("oracle", seconds=77) as process:
                stands = {name: value[0] for name, value in process.limits.items()}
        finally:
            resource.setrlimit(resource.RLIMIT_CORE, own)
        flags = {"traceable": 0, "held": 1, "ends with its host": signal.SIGKILL, "CORE": 0, "CPU": 77, "NOFILE": 0}
        assert {name: stands[name] for name in flags} == flags

    standing = Check("what stands in a sealed process", hold_standing)
    limits, process, calls, files, filters = (f"work.confine.{name}" for name in ("limits", "process", "calls", "files", "filters"))
    found = [
        mutant("memory has no limit", InChildren(limits, '_limit("RLIMIT_DATA", self.size, self.size)', "pass"), row("memory")),
        mutant("processor time has no limit", InChildren(limits, '_limit("RLIMIT_CPU", self.seconds, -1)', "pass"), standing),
        mutant(
            "descriptors have no limit", InChildren(limits, '_limit("RLIMIT_NOFILE", self.count, self.count)', "pass"), row("descriptors")
        ),
        mutant("a program may give more rights", InChildren(process, 'call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)', "pass"), standing),
        mutant("it may be traced", InChildren(process, 'call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)', "pass"), standing),
        mutant(
            "it outlives its host", InChildren(process, 'call("prctl", _PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)', "pass"), standing
        ),
        mutant("it keeps its terminal", InChildren(process, "os.setsid()", "pass"), row("own session")),
        mutant(
            "it keeps its host's environment",
            Rewrite("work.confine.launching:minimal_environment", 'if name in ENVIRONMENT and not name.startswith("PYTHON")', ""),
            test(test_report.test_a_minimal_environment_holds_nothing_of_the_hosts),
        ),
        mutant(
            "a variable of its host is not reported",
            InChildren(process, "extra = sorted(os.environ.keys() - ENVIRONMENT)", "extra = []"),
            test(test_confined.test_a_variable_of_the_host_is_reported),
        ),
        mutant(
            "Landlock is prepared and not put in force",
            InChildren(files, 'call("landlock_restrict_self", ruleset, 0)', "pass"),
            row("Landlock"),
        ),
        mutant(
            "Landlock allows every folder",
            InChildren(files, "            for path in self.readable:", '            for path in ("/", *self.readable):'),
            row("Landlock"),
        ),
        mutant(
            "no system call is filtered",
            InChildren(calls, 'unwilling = call("seccomp", ', 'unwilling = (lambda *_: 0)("seccomp", '),
            row("system calls"),
        ),
        mutant(
            "what is not listed is allowed",
            InChildren(filters, "_pack([(_RETURN, 0, 0, _ERROR | denied)])", "_pack([(_RETURN, 0, 0, _ALLOW)])"),
            row("system calls"),
        ),
        mutant("conditions are not looked at", InChildren(filters, "enumerate(rule.conditions)", "enumerate(())"), row("system calls")),
        mutant(
            "the oracle's memory may become executable",
            InChildren(calls, "Rule(name, (without(2, _PROT_EXEC),))", "Rule(name)"),
            row("system calls"),
        ),
        mutant(
            "the judge may start processes",
            InChildren(calls, 'Rule("clone", (with_all(0, _CLONE_THREAD),))', 'Rule("clone")'),
            row("system calls", "judge"),
        ),
        mutant(
            "the judge may signal others",
            InChildren(calls, 'Rule("tgkill", (equals(0, process_id),))', 'Rule("tgkill")'),
            row("system calls", "judge"),
        ),
    ]
    wired, shared = test(test_wired.test_an_oracle_and_a_judge_are_confined_before_their_first_job), "work.seat:OracleSeat."
    found += [
        mutant("an oracle is not sealed", InChildren("verify.oracle.process", "(*profile.early, *profile.seal)", "profile.early"), wired),
        mutant("a judge is not sealed", InChildren("work.serving", "confinement.apply(profile.seal)", "pass"), wired),
        mutant("a judge keeps what it was started with", InChildren("work.serving", "confinement.apply(profile.early)", "pass"), wired),
        mutant(
            "any text shares an oracle",
            (
                Rewrite(shared + "load", "fresh=not self._typed", "fresh=False"),
                Rewrite(shared + "__exit__", "if self._typed and error", "if error"),
            ),
            test(test_wired.test_only_text_that_its_user_typed_shares_an_oracle),
        ),
        mutant(
            "a judge goes on when its time is over",
            Rewrite("work.worker:Worker.run", "process.kill()", "pass"),
            test(test_worker.test_a_job_that_takes_too_long_is_stopped),
        ),
        mutant(
            "what is left of a nursery stays",
            Rewrite("work.oracles:Nursery._started", "self._stop()", "pass"),
            test(test_supply.test_nothing_of_a_nursery_that_ended_is_left_to_the_collector),
        ),
    ]
    if test_payloads.ROOT_USER:
        found.append(
            mutant(
                "root keeps its rights",
                InChildren(process, 'call("capset", ctypes.byref(header), ctypes.byref(sets))', "pass"),
                row("capabilities"),
            )
        )
    else:
        found.append(mutant("processes have no limit", InChildren(limits, '_limit("RLIMIT_NPROC", 0, 0)', "pass"), row("processes")))
    if resource.getrlimit(resource.RLIMIT_CORE)[1]:
        found.append(mutant("core files are written", InChildren(limits, '_limit("RLIMIT_CORE", 0, 0)', "pass"), standing))
    if test_confined.X86:
        door = InChildren(filters, "(_RETURN, 0, 0, _KILL_PROCESS)", "(_RETURN, 0, 0, _ALLOW)")
        found.append(mutant("another numbering of calls is open", door, test(test_confined.test_other_numberings_of_system_calls_are_shut)))
    return tuple(found)


def _judging() -> tuple[Mutant, ...]:
    """What is between processes, checked in this one."""
    kept = test(test_codec.test_a_process_does_the_jobs_of_its_profile_alone)
    misfit = test(test_codec.test_a_field_of_another_type_is_an_error, "count", True)
    damaged = test(test_answers.test_an_answer_comes_back_and_nothing_near_it_does, "value")
    return (
        mutant(
            "all built-ins are given to the oracle",
            Rewrite(_NAMESPACE + "_allowed_builtins", '(*HARMLESS_BUILTINS, "__build_class__", "super", *WRAPPERS)', "vars(builtins)"),
            test(test_namespace.test_a_module_finds_the_language_and_exceptions_alone, "exact"),
        ),
        mutant(
            "any module is imported in the oracle",
            Rewrite(_NAMESPACE + "_importer", "if name not in _MODULES or level:", "if level:"),
            test(test_namespace.test_no_module_but_the_languages_is_imported, "exact", "os"),
        ),
        mutant(
            "a neighbour of the module is imported in the oracle",
            Rewrite(_NAMESPACE + "_importer", "if name not in _MODULES or level:", "if name not in _MODULES:"),
            test(test_namespace.test_no_module_but_the_languages_is_imported, "exact", "os"),
        ),
        mutant(
            "a power without end is begun",
            Value(_NAMESPACE + "_POWER_BITS", 1 << 24),
            test(test_namespace.test_what_cpython_would_not_finish_is_not_begun),
        ),
        mutant(
            "a failure of the oracle's own is the program's",
            Value(_ENTRY + "_OWN_FAILURES", (Trapped,)),
            test(test_witness.test_what_no_program_can_raise_is_a_failure_of_the_process, "raise ImportError('denied')"),
        ),
        mutant(
            "an error of the system is the program's",
            Rewrite(_ENTRY + "require_own", "error.errno is not None", "False"),
            test(test_witness.test_what_no_program_can_raise_is_a_failure_of_the_process, "raise OSError(13, 'denied')"),
        ),
        mutant(
            "a trap is an outcome",
            Value(_ENTRY + "_OWN_FAILURES", (ImportError, SystemError)),
            test(test_witness.test_what_no_program_can_raise_is_a_failure_of_the_process, f"{TRAP}()"),
        ),
        mutant(
            "memory that ran out is the program's",
            Rewrite(_ENTRY + "OracleEntry._raised", "not self._raised_by_program(error)", "False"),
            test(test_witness.test_what_memory_would_not_hold_is_unknown),
        ),
        mutant(
            "what is known before a call is not compared",
            Rewrite("verify.initial:_compare", "tally.cases += 1", "return"),
            test(test_dropped.test_the_initial_state_and_defaults_are_held_to_the_class),
        ),
        mutant(
            "a plain answer is taken by its beginning",
            Rewrite(_ANSWERS + "Reply.is_value", "self._data.startswith(told)", "self._data.startswith(told[:1])"),
            test(test_judges.test_a_wrong_module_is_not_verified, "x + 1.0", "x + 2.0"),
        ),
        mutant(
            "calls are no steps",
            Rewrite("verify.oracle.rewriting:CountedSteps.visit_FunctionDef", "self._counted(node)", "self.generic_visit(node)"),
            test(test_witness.test_loops_and_calls_both_count_as_steps, "return f(x)"),
        ),
        mutant(
            "iterations are no steps",
            Rewrite("verify.oracle.rewriting:CountedSteps.visit_For", "self._counted(node)", "self.generic_visit(node)"),
            test(test_witness.test_loops_and_calls_both_count_as_steps, "for i in range(10 ** 8):\n        pass"),
        ),
        mutant(
            "an object of any type has a number",
            Rewrite("calling.wire:MessageReader._object", "if known_type is not type_ and known_type != type_:", "if False:"),
            test(test_wire.test_an_object_has_one_type),
        ),
        mutant(
            "a length in a message is believed",
            Rewrite("calling.wire:MessageReader._checked", "if not 0 <= count <=", "if not -1 << 63 <= count <= 1 << 63 or 0 >"),
            test(test_wire.test_a_length_is_that_of_what_follows),
        ),
        mutant(
            "a caller's list is another one afterwards",
            Rewrite("calling.wire:MessageReader.commit", "change.apply()", "pass"),
            test(test_wire.test_dicts_and_sets_change_in_place_and_keep_their_order),
        ),
        mutant(
            "a list is given in a message again and again",
            Rewrite("calling.wire:MessageWriter._object", "self._introduced.add(number)", "pass"),
            test(test_wire.test_the_words_of_a_message),
        ),
        mutant(
            "answers that are messages are not compared",
            Rewrite("verify.wire_comparison:difference", "expected.answer == given.answer", "True"),
            test(test_messages.test_a_list_that_is_copied_is_not_the_list),
        ),
        mutant(
            "an answer lies anywhere",
            Rewrite("bridge.scalar:ScalarModule._answer_message", "0 <= address <= end - size", "True"),
            test(test_bridge_wire.test_an_answer_beyond_the_memory_is_not_read),
        ),
        mutant("an answer may go on", Rewrite(_ANSWERS + "AnswerReader.end", "self._at != len(self._data)", "False"), damaged),
        mutant(
            "an answer's numbers are not held to their types",
            Rewrite(_ANSWERS + "SlotShape._read_slots", "require_values(types, values, self.strings)", "pass"),
            test(test_answers.test_values_that_no_slot_of_the_type_holds_are_no_answer, Told("value", (1, 2, 0, 1.0), (0.5, 0.5))),
        ),
        mutant(
            "an answer may name any decision",
            Rewrite(_ANSWERS + "SlotShape.read", "any(way >= ways for way in taken)", "False"),
            test(test_answers.test_a_decision_that_was_not_asked_about_is_no_answer),
        ),
        mutant(
            "an answer on another call is taken",
            Rewrite("work.protocol:unpack_answers", "(entry, case) != (run.entry, run.case) or ", ""),
            test(test_frames.test_answers_are_those_on_the_runs_that_were_asked),
        ),
        mutant(
            "a frame of any length is read",
            Rewrite("work.frames:read_frame", "if length > limits[letter]:", "if False:"),
            test(test_frames.test_a_frame_beyond_its_limit_is_not_read),
        ),
        mutant(
            "a frame of any letter is read",
            Rewrite(
                "work.frames:read_frame",
                "if letter not in limits:\n"
                '        raise FrameError(f"a frame {letter!r} came where {sorted(limits)} were expected")\n'
                "    if length > limits[letter]:",
                "if length > limits.get(letter, 1 << 40):",
            ),
            test(test_frames.test_a_letter_that_is_not_expected_is_refused),
        ),
        mutant(
            "a bool is an int on the wire", Rewrite("work.codec:_scalar", "type(value) is not kind", "not isinstance(value, kind)"), misfit
        ),
        mutant(
            "fields that nobody declared are taken",
            Rewrite("work.codec:_dataclass_codec", "document.keys() != codecs().keys()", "not document.keys() >= codecs().keys()"),
            test(test_codec.test_a_field_too_many_or_too_few_is_an_error),
        ),
        mutant("a judge does an oracle's jobs", Rewrite("work.jobs:perform", "job is None or job.profile != profile", "job is None"), kept),
        mutant(
            "what was dropped has agreed",
            Rewrite(_TALLY, "if self.agreed == 0:", "if self.agreed + self.dropped == 0:"),
            test(test_tally.test_the_verdict, {"cases": 10, "dropped": 10}, 0, 0, "not verified"),
        ),
        mutant(
            "a case that was lost has agreed",
            Rewrite(_TALLY, "self.agreed + self.guarded + self.over_budget + self.dropped < self.cases", "False"),
            test(test_tally.test_the_verdict, {"cases": 10, "agreed": 9}, 0, 0, "wrong"),
        ),
        mutant(
            "a few cases are enough",
            Rewrite(_TALLY, "self.missing_answers > 0", "False"),
            test(test_tally.test_the_verdict, {"cases": 256, "agreed": 5, "over_budget": 251}, 0, 0, "weakly verified"),
        ),
        mutant(
            "what raises is as good as a value",
            Rewrite(_TALLY, "self.agreed - self.raised < ENOUGH_VALUES * self.cases", "self.agreed < ENOUGH_VALUES * self.cases"),
            test(test_tally.test_the_verdict, {"cases": 256, "agreed": 256, "raised": 250}, 8, 3, "weakly verified"),
        ),
    )


# Payloads are tried on Linux.
MUTANTS: tuple[Mutant, ...] = (*_judging(), *(_confining() if sys.platform == "linux" else ()))
