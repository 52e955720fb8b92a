"""What the stage promises, what the bridge withstands, which faults stay mended (`faults.py`): by row, with tests that exist for each."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import pytest

from tests.faults import FAULTS, LOST, SILENT, WORDS

TESTS = Path(__file__).parent

CONTRACT: dict[str, tuple[str, ...]] = {
    "bind authors at the edit target": ("stage/test_binding.py::test_bind_authors_at_the_edit_target_and_nowhere_else",),
    "bind is one command that Kit undoes": ("kit/session/test_extension.py::test_bind_is_one_command_that_kit_undoes",),
    "a locked layer, an instance proxy and a read-only variant are errors that say so": (
        "stage/test_binding.py::test_a_locked_layer_is_named",
        "stage/test_binding.py::test_a_prim_inside_an_instance_is_refused_with_what_to_do",
        "stage/test_binding.py::test_a_variant_of_a_locked_layer_is_refused",
    ),
    "headless frames are written nowhere": ("stage/test_headless.py::test_a_run_that_nobody_looks_at_computes_the_same_bits",),
    "live frames are written to no layer that a user saves, and Stop restores the stage": (
        "stage/test_loop.py::test_frames_never_touch_a_layer_that_a_user_saves",
        "stage/test_loop.py::test_stop_restores_every_layer_bit_for_bit",
    ),
    "a bake is time samples in a layer over the input, flattened where asked": (
        "stage/test_bake.py::test_the_baked_layer_plays_back_what_ran",
        "stage/test_bake.py::test_a_flattened_bake_needs_no_other_file",
    ),
    "Kit's time line plays, pauses, loops and goes back": (
        "kit/session/test_extension.py::test_the_run_follows_the_time_line",
        "stage/test_playback.py::test_going_back_and_on_gives_the_same_bits",
        "stage/test_playback.py::test_a_loop_plays_the_same_frames_each_time",
        "stage/test_playback.py::test_a_pause_is_not_a_stop",
        "stage/test_playback.py::test_going_back_over_an_edit_is_refused",
    ),
    "frame k has current_time = start + k / fps, and its sample is at that time code": (
        "stage/test_loop.py::test_frame_k_has_the_time_of_the_authored_start_plus_k_frames",
        "stage/test_bake.py::test_range_rate_and_stage_metadata_are_authored",
        "stage/test_metadata.py::test_a_bake_plays_at_the_time_of_the_stage_whatever_its_rate",
    ),
    "an input is the composed value now, read every frame where it is animated": (
        "stage/test_loop.py::test_a_time_sampled_input_is_read_at_every_frame",
        "stage/test_reload.py::test_an_attribute_that_becomes_animated_is_read_every_frame",
        "stage/test_reload.py::test_a_literal_that_is_edited_counts_from_the_next_frame",
    ),
    "a behaviour sees its own result of the previous frame, and another's of this one": (
        "stage/test_loop.py::test_a_function_moves_a_prim_and_sees_its_own_result_in_the_next_frame",
        "stage/test_check.py::test_a_chain_of_behaviours_sees_this_frames_values",
    ),
    "a cycle names its prims unless an input is previous": (
        "stage/test_check.py::test_a_cycle_between_behaviours_names_the_prims_unless_an_input_is_previous",
        "stage/test_order.py::test_a_cycle_of_three_names_every_prim_and_an_input_that_ends_it",
    ),
    "two writers of one attribute are both named": ("stage/test_check.py::test_two_writers_of_one_attribute_are_both_named",),
    "units and axes are host inputs, in the space of the transform acted on": (
        "stage/test_units.py::test_gravity_is_that_of_the_earth_in_stage_units",
        "stage/test_units.py::test_host_values_reach_the_behaviour",
        "stage/transforms/test_spaces.py::test_a_ball_falls_down_whichever_way_its_parent_is_turned",
        "stage/transforms/test_spaces.py::test_gravity_that_is_animated_is_read_every_frame",
    ),
    "transforms go through whatever stack a prim has, or are refused": (
        "stage/transforms/test_every_stack.py::test_read",
        "stage/transforms/test_every_stack.py::test_write_and_bake",
        "stage/test_binding.py::test_appended_ops_follow_the_order_of_the_common_api",
        "stage/transforms/test_stage.py::test_an_op_outside_the_order_is_never_switched_on",
    ),
    "writes below an instance are refused with what to do, also where a reference brought them": (
        "stage/test_check.py::test_writes_below_an_instance_are_refused_with_what_to_do",
        "stage/test_check.py::test_a_binding_inside_an_instance_is_refused_and_the_others_run",
    ),
    "a file is the old one or all of the new one, and a refused run writes nothing": (
        "test_saving.py::test_a_file_is_replaced_or_stays",
        "test_saving.py::test_what_was_written_is_read_back_and_compared",
        "test_saving.py::test_a_refused_run_writes_nothing",
        "test_saving.py::test_kill_9_leaves_the_old_file_or_all_of_the_new_one",
    ),
    "bind and check give one answer": ("stage/test_binding.py::test_bind_refuses_what_check_refuses_and_authors_nothing",),
    "a crowd's extent follows, and its number of elements may change": (
        "stage/test_crowds.py::test_points_are_crowds_and_their_extent_follows",
        "stage/test_crowds.py::test_an_instancers_extent_follows_where_it_is_authored",
        "stage/test_crowds.py::test_a_crowd_that_grows_keeps_the_elements_it_had",
    ),
    "the transform of a dynamic rigid body belongs to physics": (
        "stage/test_check.py::test_the_transform_of_a_dynamic_rigid_body_belongs_to_physics",
    ),
    "a module that a reference would lose is said": (
        "stage/test_check.py::test_a_module_that_a_reference_would_lose_is_a_warning",
        "stage/test_check.py::test_a_bound_asset_works_where_it_is_referenced",
    ),
    "nothing that a host executes is written": (
        "stage/test_check.py::test_what_must_not_be_written_is_refused",
        "stage/test_check.py::test_nothing_of_a_graph_that_a_host_executes_is_written",
        "stage/test_check.py::test_a_relationship_a_prim_and_a_uniform_attribute_are_not_written",
    ),
    "approvals are the user's own, and nothing in the stage approves itself": (
        "stage/test_trust.py::test_code_that_came_with_a_stage_does_not_run_headless",
        "stage/test_trust.py::test_an_approval_covers_its_write_set_and_nothing_more",
        "stage/test_trust.py::test_code_of_a_stage_is_never_taken_for_typed_here",
    ),
    "edits while it plays concern what they edit, and what fails leaves the old one running": (
        "stage/test_attacks.py::test_an_edit_while_it_plays_concerns_only_what_it_edits",
        "stage/test_reload.py::test_a_hot_reload_keeps_fields_whose_name_and_type_are_unchanged",
        "stage/test_reload.py::test_an_edit_that_is_refused_leaves_the_old_one_running",
    ),
}

ATTACKS: dict[str, tuple[str, ...]] = {
    "the bytes of a module, its imports, memory and tables": (
        "bridge/test_validate.py::test_hostile_module_is_refused_with_its_reason",
        "bridge/test_validate.py::test_module_cut_off_anywhere_is_refused",
        "bridge/test_mutations.py::test_damaged_module_is_refused_or_runs_within_its_budget",
    ),
    "time: loops, bulk work, growth, many at once, a clock that fails": (
        "bridge/test_scalar.py::test_stop_has_its_kind_and_the_next_call_works",
        "bridge/test_engine.py::test_limit_that_is_none_is_refused",
        "bridge/test_exhaustion.py::test_a_cost_that_grows_with_each_call_stops_at_the_same_call_every_time",
        "bridge/test_exhaustion.py::test_many_that_stay_just_within_their_budget_take_nothing_from_one_another",
        "bridge/test_exhaustion.py::test_bulk_work_ends_at_the_deadline_where_fuel_does_not_end_it",
        "bridge/test_exhaustion.py::test_a_guest_does_not_run_where_its_clock_cannot_start",
        "bridge/test_exhaustion.py::test_deadlines_count_from_now_however_far_the_clock_has_come",
        "bridge/test_exhaustion.py::test_nothing_runs_before_the_host_calls",
    ),
    "stacks: the thread's, the engine's and the one in memory": (
        "bridge/test_engine.py::test_thread_with_a_small_stack_is_refused_and_one_with_enough_is_not",
        "bridge/test_scalar.py::test_stack_in_memory_is_whole_again_after_its_overflow",
        "bridge/test_exhaustion.py::test_two_functions_that_call_one_another_through_a_table_on_the_smallest_thread_allowed",
        "bridge/test_exhaustion.py::test_real_recursion_on_a_thread_of_its_own_leaves_the_module_working",
        "bridge/test_exhaustion.py::test_a_stack_in_memory_that_a_lane_overflows_is_whole_in_the_next_run",
    ),
    "data: addresses, counts, odd numbers, columns of others": (
        "bridge/test_lanes.py::test_write_outside_the_outputs_is_named_and_nothing_is_committed",
        "bridge/test_lanes.py::test_odd_numbers_cross_unchanged",
        "bridge/test_lanes.py::test_new_instance_starts_from_nothing",
    ),
    "state: stops in the middle, storms, threads, forks, interrupts": (
        "bridge/test_lanes.py::test_stop_in_mid_batch_commits_nothing_and_names_the_lane",
        "bridge/test_scalar.py::test_storm_of_restarts_backs_off",
        "bridge/test_lanes.py::test_threads_on_one_module_and_on_their_own",
        "bridge/test_scalar.py::test_keyboard_interrupt_leaves_a_module_that_works",
        "bridge/test_engine.py::test_forked_child_has_a_clock_of_its_own",
    ),
    "stages: edits and listeners while it plays": (
        "stage/test_attacks.py::test_a_listener_that_meddles_while_a_frame_is_written",
        "stage/test_attacks.py::test_frames_inside_somebody_elses_change_block",
        "stage/test_fuzz.py::test_nothing_that_anybody_makes_hurts",
    ),
    "words: floods and terminal escapes": (
        "stage/test_attacks.py::test_a_flood_of_errors_is_counted_and_not_kept",
        "test_terminal.py::test_check_and_run_escape_what_a_stage_says",
    ),
    "compiled code on disk": (
        "bridge/test_cache.py::test_damaged_file_is_compiled_anew_and_replaced",
        "bridge/test_cache.py::test_another_configuration_version_or_processor_is_another_file",
        "bridge/test_cache.py::test_several_processes_and_threads_at_once",
        "bridge/test_cache.py::test_disk_that_is_full_in_the_middle_of_a_file",
        "bridge/test_cache.py::test_folder_that_is_a_link_or_open_is_refused",
        "bridge/test_exhaustion.py::test_a_cached_real_module_with_any_byte_flipped_is_compiled_anew",
    ),
}


@functools.cache
def functions_of(file: str) -> frozenset[str]:
    """Return the names of a file's test functions; none where there is no such file."""
    path = TESTS / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def missing(tests: tuple[str, ...]) -> list[str]:
    """Return which of the tests, each `file::function`, do not exist."""
    return [test for test in tests if test.partition("::")[2] not in functions_of(test.partition("::")[0])]


@pytest.mark.parametrize("row", [*CONTRACT, *ATTACKS, *FAULTS])
def test_the_functions_of_every_row_exist(row: str) -> None:
    tests = (CONTRACT | ATTACKS | FAULTS)[row]
    assert tests and not missing(tests)


def test_no_row_takes_anothers_place() -> None:
    assert len(CONTRACT | ATTACKS | FAULTS) == sum(map(len, (CONTRACT, ATTACKS, LOST, SILENT, WORDS)))


def test_a_test_that_is_gone_is_seen() -> None:
    assert missing(("bridge/test_cache.py::test_that_is_gone", "bridge/gone.py::test_key_is_made_once", "test_saving.py")) == [
        "bridge/test_cache.py::test_that_is_gone",
        "bridge/gone.py::test_key_is_made_once",
        "test_saving.py",
    ]
