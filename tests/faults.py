"""What once went wrong on stages, in five words each, and the tests that fail where it does again: `file::function` below this folder."""

from __future__ import annotations

_S, _T = "stage/", "stage/transforms/"

# Work that was lost, and frames that never ended.
LOST: dict[str, tuple[str, ...]] = {
    "a full disk empties the stage": (
        "test_saving.py::test_a_full_disk_leaves_a_layer_as_it_was",
        "test_saving.py::test_bind_and_run_on_a_full_disk_keep_the_stage_and_the_earlier_bake",
    ),
    "a refused run replaces a bake": (
        "test_saving.py::test_a_refused_run_writes_nothing",
        f"{_S}test_crowds.py::test_nothing_is_written_where_every_lane_fails",
    ),
    "approvals, reports and modules are torn": (
        "test_saving.py::test_a_file_is_replaced_or_stays",
        "test_saving.py::test_a_full_disk_leaves_a_file_as_it_was",
    ),
    "a signal loses all frames": ("test_saving.py::test_what_ends_a_run_keeps_its_whole_frames",),
    "a kill leaves half a file": (
        "test_saving.py::test_kill_9_leaves_the_old_file_or_all_of_the_new_one",
        "test_kills.py::test_two_kills_of_each_command_leave_the_old_file_or_all_of_the_new_one",
    ),
    "an early interrupt is swallowed": (
        "test_saving.py::test_a_signal_at_the_start_is_not_swallowed",
        "test_saving.py::test_a_swallowed_interrupt_counts_once_frames_would_run",
    ),
    "an interrupted benchmark ends with 1": ("test_saving.py::test_an_interrupted_benchmark_is_interrupted",),
    "two runs do not notice one another": ("test_saving.py::test_two_programs_that_write_one_file_notice_one_another",),
    "a tiny step ends no frame": (f"{_S}test_settings.py::test_a_fixed_step_that_would_never_end_a_frame_is_refused",),
}

# Values that were wrong, and nobody said so.
SILENT: dict[str, tuple[str, ...]] = {
    "ops are appended beside others": (
        f"{_T}test_stage.py::test_the_position_of_a_matrix_is_read_and_written_in_the_parents_units",
        f"{_T}test_stage.py::test_an_op_with_a_suffix_is_the_position",
        f"{_T}test_stage.py::test_the_orientation_of_euler_angles_is_read_and_written",
        f"{_T}test_stage.py::test_a_scale_goes_inside_the_pivot",
        f"{_T}test_every_stack.py::test_read",
        f"{_T}test_every_stack.py::test_write_and_bake",
    ),
    "an op outside is switched on": (f"{_T}test_stage.py::test_an_op_outside_the_order_is_never_switched_on",),
    "a binding inside instances is dropped": (
        f"{_S}test_check.py::test_a_binding_inside_an_instance_is_refused_and_the_others_run",
        f"{_S}test_check.py::test_a_binding_inside_an_instance_of_an_instance_is_refused_where_it_is_seen",
        f"{_S}test_check.py::test_a_binding_over_what_becomes_an_instance_is_refused_and_not_dropped",
    ),
    "gravity under a turned parent": (
        f"{_T}test_spaces.py::test_a_ball_falls_down_whichever_way_its_parent_is_turned",
        f"{_T}test_spaces.py::test_both_gravities_are_there_for_who_moves_itself",
    ),
    "bind accepts what check refuses": (
        f"{_S}test_binding.py::test_bind_refuses_what_check_refuses_and_authors_nothing",
        f"{_S}test_binding.py::test_a_second_writer_is_refused_by_bind_and_the_first_one_stays",
    ),
    "errors with a status of 0": ("test_cli.py::test_a_run_with_errors_ends_with_1_and_one_with_warnings_with_0",),
    "no lanes are called ok": (f"{_S}test_crowds.py::test_a_crowd_without_elements_is_said_to_have_no_lanes",),
    "an op without a value": (f"{_S}test_loop.py::test_an_op_without_a_value_is_the_identity",),
    "check accepts what run refuses": (
        f"{_S}test_first_values.py::test_check_refuses_what_has_no_value_at_first_and_the_rest_runs_as_a_plain_loop_does",
        f"{_S}test_first_values.py::test_clips_with_a_gap_have_no_value_there",
        f"{_S}test_first_values.py::test_what_another_behaviour_writes_counts_from_when_it_is_written",
        f"{_S}test_kinds_of_values.py::test_more_numbers_than_a_lane_passes_are_refused_where_they_are_bound",
    ),
    "rings of inputs are literals": (f"{_S}test_kinds_of_values.py::test_inputs_in_a_ring_are_an_error_that_names_it",),
    "what writes nothing is success": (f"{_S}test_kinds_of_values.py::test_bind_warns_of_what_writes_nothing",),
    "odd metadata of the root": (
        f"{_S}test_settings.py::test_odd_metadata_of_the_root_is_refused_by_name",
        f"{_S}test_settings.py::test_no_frame_lies_past_the_end_of_the_range",
    ),
    "the first scene without units": (
        "test_readme.py::test_every_command_of_the_readme_works",
        f"{_S}test_kinds_of_values.py::test_bind_says_which_default_an_attribute_replaces",
    ),
    "a class's names skip its scope": (
        "frontend/test_class_scope.py::test_initial_state_and_defaults_are_those_of_the_python_class",
        "frontend/test_class_scope.py::test_what_the_class_has_instead_is_refused",
        "verify/test_dropped.py::test_the_initial_state_and_defaults_are_held_to_the_class",
        "verify/test_dropped.py::test_a_name_in_a_class_is_never_silently_another",
    ),
    "a rate moves the bake's time": (f"{_S}test_metadata.py::test_a_bake_plays_at_the_time_of_the_stage_whatever_its_rate",),
    "on_stop replaces the last frame": (f"{_S}test_settings.py::test_what_is_written_at_the_end_is_no_frame",),
    "the sign of zero stays": (
        f"{_S}test_headless.py::test_the_sign_of_zero_reaches_those_who_read_it",
        f"{_S}test_headless.py::test_the_sign_of_zero_reaches_the_live_stage",
        f"{_S}test_headless.py::test_the_sign_of_zero_reaches_live_vectors_and_arrays",
    ),
    "halves are rounded once": (
        f"{_S}test_values.py::test_a_float_of_every_type_is_stored_as_openusd_stores_it",
        f"{_S}test_values.py::test_an_int_that_does_not_fit_is_refused",
        f"{_S}test_check.py::test_a_quaternion_that_openusd_would_not_store_is_refused",
    ),
    "one prim decides another's fate": (f"{_S}test_loop.py::test_one_prims_transform_decides_nothing_for_anothers_attribute",),
    "no value hides the default": (
        f"{_S}test_loop.py::test_a_default_stands_where_an_attribute_has_no_value",
        f"{_S}test_loop.py::test_a_class_default_stands_where_an_attribute_has_no_value",
        f"{_S}test_first_values.py::test_check_refuses_what_has_no_value_at_first_and_the_rest_runs_as_a_plain_loop_does",
    ),
    "an emptied crowd keeps arrays": (
        f"{_S}test_settings.py::test_a_crowd_that_empties_is_empty_in_the_bake",
        f"{_S}test_settings.py::test_points_that_empty_are_empty_in_the_bake",
    ),
    "the first prim's wires for all": (
        f"{_S}test_kinds_of_values.py::test_bind_says_where_prims_differ",
        "test_cli_bindings.py::test_bind_says_where_prims_differ",
    ),
    "arrays of another length destroyed": (
        f"{_S}test_crowds.py::test_the_lanes_of_a_primvar_are_its_own_elements",
        f"{_S}test_crowds.py::test_nothing_is_written_where_every_lane_fails",
    ),
    "metadata of the root lost": (
        f"{_S}test_metadata.py::test_a_layer_over_a_stage_repeats_every_field_of_its_root_layer",
        f"{_S}test_metadata.py::test_a_bake_keeps_every_field_of_the_root_layer",
        f"{_S}test_metadata.py::test_the_range_of_a_bake_holds_the_authored_one_and_the_samples",
    ),
    "another type than the schema's": (f"{_S}test_check.py::test_an_attribute_of_another_type_than_the_schemas_is_one_refusal",),
    "bindings spread by composition": (
        "test_cli.py::test_bind_names_who_else_gets_the_binding",
        f"{_S}test_binding.py::test_a_writer_that_comes_by_inheritance_is_a_second_one",
    ),
    "prims that nobody is shown": (f"{_S}test_binding.py::test_a_prim_that_is_not_shown_is_refused_before_anything_is_authored",),
    "a bake runs again": (
        f"{_S}test_settings.py::test_nothing_runs_on_top_of_a_bake",
        f"{_S}test_delivery.py::test_a_delivered_bake_plays_in_plain_openusd_and_says_nothing_of_portalis",
    ),
    "a reset stack has parents": (f"{_S}test_units.py::test_parent_to_world_is_the_identity_where_a_prim_resets_the_stack",),
    "lights' inputs are not found": (f"{_S}test_kinds_of_values.py::test_a_light_is_bound_by_the_names_of_its_inputs",),
    "a tuple is several results": (f"{_S}test_kinds_of_values.py::test_a_variable_that_holds_a_tuple_is_one_result",),
    "texts, time codes, uint64 unwritten": (
        f"{_S}test_kinds_of_values.py::test_a_string_is_read_and_written",
        f"{_S}test_kinds_of_values.py::test_a_time_code_is_the_same_in_every_layer",
        f"{_S}test_kinds_of_values.py::test_a_negative_result_is_no_uint64",
    ),
    "seconds that no report has": (f"{_S}test_phases.py::test_a_run_accounts_for_all_of_its_time",),
    "previous is zero in on_init": (f"{_S}test_first_values.py::test_what_another_behaviour_writes_counts_from_when_it_is_written",),
}

# Words that led astray.
WORDS: dict[str, tuple[str, ...]] = {
    "packages are said to be locked": ("test_cli_bindings.py::test_a_package_is_bound_over",),
    "advice to declare the prim": ("test_cli_words.py::test_what_a_script_has_of_its_host_is_answered_with_how_a_behaviour_is_given_it",),
    "an input is not named": (f"{_S}test_kinds_of_values.py::test_an_input_without_a_value_is_named_before_anything_runs",),
    "continue is outside its loop": ("frontend/test_refused.py::test_refused",),
    "an example that is none": ("test_cli_words.py::test_the_call_that_an_open_length_is_answered_with_is_one",),
    "another prim's position unknown": (f"{_T}test_spaces.py::test_another_prims_transform_is_read_by_the_names_of_ones_own",),
    "no neighbours of wrong names": (
        "test_cli_bindings.py::test_a_prim_that_is_not_there_has_neighbours",
        f"{_S}test_kinds_of_values.py::test_an_attribute_that_is_not_there_has_neighbours",
    ),
    "raw warnings of OpenUSD": ("test_terminal.py::test_warnings_of_openusd_are_escaped",),
    "a locale without the characters": ("test_cli_words.py::test_a_locale_without_the_characters_gets_their_numbers",),
    "a coding that is none": ("test_cli_words.py::test_a_codec_that_makes_no_text_is_no_encoding",),
    "an output that is a sublayer": ("test_cli_words.py::test_an_output_that_is_a_sublayer_of_the_stage_is_a_sentence",),
    "damaged keys and approvals": (
        "test_cli_words.py::test_a_damaged_key_is_named",
        "test_cli_words.py::test_damaged_approvals_approve_nothing",
    ),
    "few cases are called verified": (
        "verify/test_dropped.py::test_few_compared_cases_are_weak",
        "test_cli_words.py::test_code_that_is_weakly_verified_is_bound_with_that_word",
    ),
    "no JSON where asked": (
        "test_cli_words.py::test_the_studio_answers_in_json_where_it_cannot_open",
        "test_cli_bindings.py::test_wrong_usage_is_one_json_document_where_json_is_asked_for",
    ),
    "a page without script nodes": ("test_binding_page.py::test_a_script_node_and_the_behaviour_that_the_page_makes_of_it_give_the_same",),
    "drift is promised for math alone": ("test_readme.py::test_the_readme_names_all_that_drifts",),
    "a table of single letters": ("test_cli_words.py::test_a_table_is_never_cut_to_letters",),
}

FAULTS = LOST | SILENT | WORDS
