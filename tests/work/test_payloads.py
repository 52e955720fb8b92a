"""Hostile code inside a worker gets nothing, and the table of what each protection stops alone: without one, a row is shorter."""

from __future__ import annotations

import os
import sys
from functools import cache

import pytest

from portalis.translator.work.confine import judge, oracle

if sys.platform != "linux":
    pytest.skip("payloads are tried on Linux", allow_module_level=True)

from .harness import PREREQUISITE, names
from .kernel import lacking, require
from .payloads import NAMES
from .rows import NOBODY, Row, attacked, can_be_nobody

ROOT_USER = os.getuid() == 0
USERS = {"as this user": None} | ({"without rights": NOBODY} if ROOT_USER and can_be_nobody() else {})
ORACLE = names(oracle(parent=0, memory=0, seconds=0))
JUDGE = names(judge(parent=0, memory=0, seconds=0))

# Payloads that need a descriptor, but no file; and those that need one for a file or a folder.
SOCKETS = {"connect_tcp", "listen_tcp", "send_udp", "connect_unix", "connect_abstract", "open_netlink", "pair_sockets"}
DESCRIPTORS = {"hold_the_parent", "make_a_pipe", "make_an_epoll", "make_unnamed_memory", "open_too_many_files", "set_up_io_uring"}
OPENED = {"list_a_folder", "make_a_file", "overwrite_a_file", "read_a_system_file", "read_the_key", "take_a_terminal"}
PROC = {"read_its_environment_file", "read_the_parents_environment", "read_the_parents_memory"}
NAMED = {"make_a_folder", "make_a_link", "make_a_second_name", "remove_a_file", "cut_a_file"}
PROGRAMS = {"replace_itself", "run_unnamed_memory", "start_a_program"}
PEEKING = {"read_memory_by_number", "trace_the_parent"}
SIGNALS = {"signal_the_parent", "signal_a_thread_of_the_parent", "queue_a_signal_to_the_parent"}
FORKING = {"fork", "fork_by_number", "make_a_user_namespace", "run_unnamed_memory", "start_a_program"}
# What the judge is left: without threads and executable memory nothing is compiled.
LEFT_TO_THE_JUDGE = {"start_a_thread", "make_unnamed_memory", "make_memory_executable", "ignore_the_end_of_its_time"}
# These are held by launching it without the variable, and by the kernel's count of memory: no system call is refused.
NOT_BY_CALLS = {"see_the_hosts_environment", "take_too_much_memory"}

ALONE: dict[str, set[str]] = {
    "memory": {"take_too_much_memory"},
    # Tested in test_limits.py and test_launching.py, as they stop what no payload does.
    "core files": set(),
    "processor time": set(),
    "dies with its host": set(),
    "descriptors": SOCKETS | DESCRIPTORS | OPENED | PROC | PROGRAMS,
    "environment": {"see_the_hosts_environment"},
    "own session": {"take_a_terminal", "type_into_the_terminal"},
    "capabilities": set(),
    "no new privileges": set(),
    "not traceable": {"read_its_environment_file"},
    "Landlock": OPENED | PROC | NAMED | PROGRAMS | PEEKING,
    "processes": FORKING | {"start_a_thread"},
    "system calls": set(NAMES) - NOT_BY_CALLS,
}
# Where root's rights change the row.
ALONE_AS_ROOT: dict[str, set[str]] = ALONE | {
    "capabilities": PEEKING
    | {"read_the_parents_environment", "read_the_parents_memory"}
    | {"change_its_root", "mount", "pin_the_parent", "reschedule_the_parent", "slow_the_parent"},
    "not traceable": set(),
    "Landlock": ALONE["Landlock"] | {"mount"},
}
# By the version of Landlock's ABI from which it is stopped. The first two know no cutting of files, but this one opens none for it.
SINCE = {4: {"connect_tcp", "listen_tcp"}, 6: SIGNALS | {"connect_abstract"}}
# Payloads that some systems and containers refuse to everybody: a row says nothing about them there.
OFTEN_REFUSED = (
    PEEKING
    | PROC
    | {"mount", "change_its_root", "make_a_user_namespace", "set_up_io_uring", "type_into_the_terminal", "make_a_key", "run_unnamed_memory"}
    | {"hold_the_parent", "take_too_much_memory", "open_netlink", "open_too_many_files", "share_memory", "make_a_second_name"}
)


@cache
def rows(user: int | None) -> dict[tuple[str, str], Row]:
    """The rows of one user: without any protection, under each alone, under all of a profile, under all but the filter."""
    sets = {("oracle", "nothing"): [], ("oracle", "all"): list(ORACLE), ("judge", "all"): list(JUDGE)}
    sets |= {("oracle", name): [PREREQUISITE, name] for name in ORACLE}
    sets |= {("judge", "system calls"): [PREREQUISITE, "system calls"]}
    made = attacked([(profile, chosen) for (profile, _), chosen in sets.items()], user)
    return dict(zip(sets, made, strict=True))


@pytest.fixture(params=USERS)
def user(request: pytest.FixtureRequest) -> int | None:
    return USERS[request.param]


def test_every_payload_works_without_protection(user: int | None) -> None:
    row = rows(user)["oracle", "nothing"]
    assert set(row.outcomes) == set(NAMES)
    assert {name: row.outcomes[name] for name in set(NAMES) - row.worked - OFTEN_REFUSED} == {}


@pytest.mark.parametrize("profile", ["oracle", "judge"])
def test_nothing_works_under_the_full_profile(profile: str, user: int | None) -> None:
    row = rows(user)[profile, "all"]
    require(row.report, "system calls")
    assert set(row.outcomes) == set(NAMES)
    assert row.worked == (LEFT_TO_THE_JUDGE if profile == "judge" else set())


@pytest.mark.parametrize("profile", ["oracle", "judge"])
def test_all_of_a_profile_is_in_force_but_what_the_report_explains(profile: str, user: int | None) -> None:
    report = rows(user)[profile, "all"].report
    assert tuple(dict.fromkeys(entry.name for entry in report.entries)) == {"oracle": ORACLE, "judge": JUDGE}[profile]
    assert {entry.name for entry in report.absent} <= lacking(user)
    assert all(entry.detail for entry in report.entries)


def test_every_protection_has_a_row() -> None:
    assert set(ALONE) == set(ALONE_AS_ROOT) == set(ORACLE) == set(JUDGE) | {"processes"}


@pytest.mark.parametrize("name", ALONE)
def test_what_one_protection_stops_alone(name: str, user: int | None) -> None:
    made = rows(user)
    require(made["oracle", name].report, name, user)
    expected = set((ALONE_AS_ROOT if ROOT_USER and user is None else ALONE)[name])
    if name == "Landlock":
        (entry,) = (entry for entry in made["oracle", name].report.entries if entry.name == name)
        version = int(entry.detail.split()[1].rstrip(":"))
        expected |= {payload for since, payloads in SINCE.items() if version >= since for payload in payloads}
        expected -= {"cut_a_file"} if version < 3 else set()
    worked = set(made["oracle", "nothing"].worked)
    if name == "own session" and ROOT_USER and user is None:
        # Whoever has all of root's rights may type into any terminal; a container's root often has not.
        worked -= {"type_into_the_terminal"}
    assert worked - made["oracle", name].worked == expected & worked


def test_what_the_judges_calls_stop_alone(user: int | None) -> None:
    made = rows(user)
    require(made["judge", "system calls"].report, "system calls")
    worked = made["oracle", "nothing"].worked
    assert worked - made["judge", "system calls"].worked == (set(NAMES) - NOT_BY_CALLS - LEFT_TO_THE_JUDGE) & worked
