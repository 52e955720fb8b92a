"""Mistakes in those who judge and those who carry: the verifier's comparison, the executable, the bridge's commit."""

from __future__ import annotations

import math

from portalis.translator.ir.types import FLOAT
from tests.bridge.test_feedback import test_any_mixture_of_masks_errors_stops_and_counts, test_results_are_taken_once
from tests.bridge.test_lanes import (
    test_inactive_lane_is_left_alone,
    test_lane_that_is_not_finite_is_reported_where_asked,
    test_lane_with_an_error_keeps_its_old_outputs,
    test_results_of_every_count,
)
from tests.calling.test_values import test_one_object_twice_is_refused
from tests.verify.test_comparison import (
    test_exceptions_are_compared_by_class_and_message,
    test_slots_are_compared_to_the_bit,
    test_told_outcomes_are_compared_in_all_that_they_say,
    test_values_are_compared_to_the_bit,
)
from tests.verify.test_judges import (
    test_a_lane_that_differs_is_found,
    test_a_wrong_module_is_not_verified,
)

from .checks import test, trap
from .mutants import Mutant, mutant
from .planting import Rewrite

_COMPARISON, _SLOTS = "verify.comparison:", "verify.slot_comparison:"
_LANES = "verify.lane_verification:"
_BRIDGE = "bridge.lanes:LaneModule."

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "the sign of zero is not compared",
        Rewrite(_COMPARISON + "same_float", "left == right and math", "left == right or math"),
        test(test_values_are_compared_to_the_bit, 0.0, -0.0, FLOAT, False),
    ),
    mutant(
        "a NaN is like anything",
        Rewrite(_COMPARISON + "same_float", "left != left and right != right", "left != left or right != right"),
        test(test_values_are_compared_to_the_bit, math.nan, 1.0, FLOAT, False),
    ),
    mutant(
        "types of results are not compared",
        Rewrite(
            _SLOTS + "_same_slot", "return type(left) is not float and type(right) is not float and left == right", "return left == right"
        ),
        test(test_slots_are_compared_to_the_bit),
    ),
    mutant(
        "messages of exceptions are not compared",
        Rewrite(_COMPARISON + "same_exception", "return left == right or", "return left[0] == right[0] or"),
        test(test_exceptions_are_compared_by_class_and_message),
    ),
    mutant(
        "changed arguments are not compared",
        Rewrite(_SLOTS + "difference", "if not same_slots(expected.finals, given.finals):", "if False:"),
        test(test_told_outcomes_are_compared_in_all_that_they_say),
    ),
    mutant(
        "identity is not compared",
        Rewrite(_SLOTS + "difference", "elif expected.identity != given.identity:", "elif False:"),
        test(test_told_outcomes_are_compared_in_all_that_they_say),
    ),
    mutant(
        "a mismatch is counted as agreement",
        Rewrite("verify.verification:Verification._compare", "if what is None:", "if True:"),
        test(test_a_wrong_module_is_not_verified, "x + 1.0", "x + 2.0"),
    ),
    mutant(
        "cases that never agreed make an artefact verified",
        Rewrite(
            "verify.tally:Tally._verdict",
            "self.mismatches or self.agreed + self.guarded + self.over_budget + self.dropped < self.cases",
            "False",
        ),
        test(test_a_wrong_module_is_not_verified, "x + 1.0", "x + 2.0"),
    ),
    mutant(
        "changes of arguments are not written back",
        Rewrite(
            "calling.executable:Executable._outcome",
            "write_back(arguments[index], type_, build(type_, supply, strings))",
            "build(type_, supply, strings)",
        ),
        trap("list store"),
    ),
    mutant(
        "one object for two parameters is not refused",
        Rewrite("calling.values:refuse_aliases", "raise", "pass; raise_ ="),
        test(test_one_object_twice_is_refused),
    ),
    mutant(
        "the sign of zero is not compared in lanes",
        Rewrite(_LANES + "_same", "lane == scalar and math", "lane == scalar or math"),
        test(test_a_lane_that_differs_is_found, "x", "x + 0.0"),
    ),
    mutant(
        "errors of lanes are not compared",
        Rewrite(_LANES + "LaneVerifier._compare_once", "if given != item.site:", "if False:"),
        test(test_a_lane_that_differs_is_found, "x / y", "x / y if y != 3.0 else 1.0 / 0.0"),
    ),
    mutant(
        "values of lanes are not compared",
        Rewrite(_LANES + "LaneVerifier._compare_once", "if not _same(column[index].item(), value):", "if False:"),
        test(test_a_lane_that_differs_is_found, "x - y", "y - x"),
    ),
    mutant(
        "a failed lane is committed",
        Rewrite(_BRIDGE + "_commit", "where=committed", "where=True"),
        test(test_lane_with_an_error_keeps_its_old_outputs),
    ),
    mutant(
        "a lane that was left out is committed",
        Rewrite(_BRIDGE + "_error_words", "active & (words == 0)", "words == 0"),
        test(test_inactive_lane_is_left_alone),
    ),
    mutant(
        "error words of lanes left out are kept",
        Rewrite(_BRIDGE + "_error_words", "where=active", "where=True"),
        test(test_inactive_lane_is_left_alone),
    ),
    mutant(
        "a lane without a result is fed back what the guest left",
        Rewrite("bridge.columns:GuestColumns.turn", "inputs[position][without] = host.input_columns[position][without]", "pass"),
        test(test_any_mixture_of_masks_errors_stops_and_counts, 0),
    ),
    mutant(
        "an input that was overwritten is not copied in again",
        Rewrite("bridge.columns:HostColumns.feed", "self.version += 1", "pass"),
        test(test_any_mixture_of_masks_errors_stops_and_counts, 0),
    ),
    mutant(
        "results are taken twice",
        Rewrite(_BRIDGE + "advance", "(n, ours), self._results = results, None", "n, ours = results"),
        test(test_results_are_taken_once),
    ),
    mutant(
        "a result that is not finite is committed",
        Rewrite(_BRIDGE + "_finish", "committed[nonfinite] = False", "pass"),
        test(test_lane_that_is_not_finite_is_reported_where_asked),
    ),
    mutant(
        "one lane too many is committed",
        Rewrite(_BRIDGE + "_commit", "mine[:n] = theirs[:n]", "mine[: n + 1] = theirs[: n + 1]"),
        test(test_results_of_every_count, 17),
    ),
)
