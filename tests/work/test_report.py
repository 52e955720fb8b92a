"""What a report of protections says, on systems that give less, and on the wire."""

from __future__ import annotations

import errno
import os
import platform
import subprocess
import sys
from dataclasses import dataclass

import pytest

from portalis.translator.work.confine import Absent, Confinement, Protections, ProtectionState, judge, minimal_environment, oracle
from portalis.translator.work.confine.files import libraries


@dataclass(frozen=True)
class Failing:
    """A protection that fails in a given way."""

    error: Exception
    name: str = "failing"

    def apply(self) -> str:
        raise self.error


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (Absent("no such kernel"), "no such kernel"),
        (OSError(errno.EPERM, "Operation not permitted"), "[Errno 1] Operation not permitted"),
        (ValueError("not allowed to raise maximum limit"), "not allowed to raise maximum limit"),
    ],
)
def test_what_cannot_be_had_is_reported_and_stops_nothing(error: Exception, detail: str) -> None:
    @dataclass(frozen=True)
    class Held:
        name: str = "held"

        def apply(self) -> str:
            return "all of it"

    confinement = Confinement("test")
    confinement.apply((Failing(error), Held()))
    report = confinement.report()
    assert report == Protections("test", (ProtectionState("failing", False, detail), ProtectionState("held", True, "all of it")))
    assert report.in_force == ("held",)
    assert [str(entry) for entry in report.entries] == [f"failing: not in force, {detail}", "held: all of it"]


REPORT = Protections("oracle", (ProtectionState("Landlock", False, "old kernel"), ProtectionState("memory", True, "at most 1 MiB")))


def test_a_report_survives_the_wire() -> None:
    assert Protections.from_record(REPORT.to_record()) == REPORT


@pytest.mark.parametrize(
    "forged",
    [
        None,
        [],
        {"profile": "oracle"},
        {"profile": 1, "entries": []},
        {"profile": "oracle", "entries": {}},
        {"profile": "oracle", "entries": [], "more": 1},
        {"profile": "oracle", "entries": [{"name": "memory", "in_force": 1, "detail": ""}]},
        {"profile": "oracle", "entries": [{"name": "memory", "in_force": True}]},
        {"profile": "oracle", "entries": ["memory"]},
    ],
)
def test_a_forged_report_is_refused(forged: object) -> None:
    with pytest.raises(ValueError, match="record of protections"):
        Protections.from_record(forged)


SYSTEMS = ["win32", "darwin", "riscv64"]
# Run in a process of its own: limits that are in force on these systems as well would stay.
ELSEWHERE = """
import os, sys, types
from portalis.translator.work.confine import oracle
system = sys.argv[1]
if system == "riscv64":
    os.uname = lambda: types.SimpleNamespace(machine=system)
else:
    sys.platform = system
if system == "win32":
    sys.modules["resource"] = sys.modules["fcntl"] = None
profile = oracle(parent=1, memory=1 << 31, seconds=60)
confinement = profile.confinement()
confinement.apply(profile.early + profile.seal)
for entry in confinement.report().entries:
    print(entry.in_force, entry.name, entry.detail, sep="|")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the other systems are played by a process of this one")
@pytest.mark.parametrize("system", SYSTEMS)
def test_another_system_says_what_it_lacks(system: str) -> None:
    environment = minimal_environment(PYTHONPATH=os.pathsep.join(filter(None, sys.path)))
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, system], env=environment, capture_output=True, text=True, timeout=60, start_new_session=True
    )
    assert done.returncode == 0, done.stderr
    entries = [line.split("|") for line in done.stdout.splitlines()]
    held = {name for in_force, name, _ in entries if in_force == "True"}
    kernels = {"Landlock", "system calls", "no new privileges", "not traceable", "dies with its host", "capabilities"}
    assert not held & kernels
    assert "environment" in held
    assert ("memory" in held) == (system != "win32")
    why = {"win32": "Windows", "darwin": "macOS", "riscv64": "riscv64"}[system]
    assert all(why in detail for _, name, detail in entries if name in kernels or (system == "win32" and name not in held))


def test_importing_it_needs_no_module_of_posix_and_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "for name in ('resource', 'fcntl', 'termios', 'numpy', 'wasmtime', 'llvmlite', 'pydantic', 'pxr'): sys.modules[name] = None\n"
        "import portalis.translator.work.confine\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_path_that_holds_a_private_place_is_not_read_as_a_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike[str]) -> None:
    home, library = os.path.join(tmp_path, "home"), os.path.join(tmp_path, "library")
    monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("USERPROFILE", home)
    monkeypatch.setattr(sys, "path", ["", "/", str(tmp_path), home, library, os.path.join(home, ".venv")])
    rule = libraries(private=(os.path.join(library, "keys"),))
    assert set(rule.listed) == {"/", os.path.realpath(tmp_path), os.path.realpath(home), os.path.realpath(library)}
    assert not set(rule.listed) & set(rule.readable)
    assert os.path.join(os.path.realpath(home), ".venv") in rule.readable
    assert os.path.join(os.path.realpath(home), "portalis") in rule.readable


def test_profiles_name_what_they_hold() -> None:
    made = {made.name: made for made in (oracle(1, 1, 1), judge(1, 1, 1))}
    assert made["oracle"].early == made["judge"].early
    assert [protection.name for protection in made["oracle"].seal] == ["processor time", "descriptors", "processes", "system calls"]
    assert [protection.name for protection in made["judge"].seal] == ["processor time", "system calls"]


def test_a_minimal_environment_holds_nothing_of_the_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "key")
    monkeypatch.setenv("PYTHONSTARTUP", "/tmp/evil.py")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    allowed = {"LC_CTYPE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "PYTHONHASHSEED", "PORTALIS_SIGNALS_BASED_TRAPS"}
    made = minimal_environment(PYTHONHASHSEED="7")
    assert made["PYTHONHASHSEED"] == "7"
    assert made.keys() <= allowed
    assert platform.system() == "Windows" or "SYSTEMROOT" not in made or os.environ["SYSTEMROOT"]
