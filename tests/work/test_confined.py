"""Sealed processes do their work, end when they should, and say what they are held to."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from portalis.translator.work.confine import renew_cpu_time
from portalis.translator.work.confine.calls import Sealed, judge_rules, oracle_rules
from portalis.translator.work.confine.filters import Rule, assemble
from portalis.translator.work.confine.system import audit_architecture, number

if sys.platform != "linux":
    pytest.skip("confinement is tried on Linux", allow_module_level=True)

from .confined import MEMORY, builds
from .kernel import require
from .payloads import SECRET, X86
from .processes import EXTENSION, ROOT, Confined

# The first makes a judge load what others need: it looks `Gf` up when a program asks for it.
SOURCES = [
    "from pxr import Gf\n\n\ndef first(x: Gf.Vec3d) -> float:\n    return x[0] + 1.0\n",
    "def repeated(a: float, n: int) -> float:\n    total = 0.0\n    for _ in range(n):\n        total = total + a\n    return total\n",
    "import math\n\n\ndef curve(a: float) -> float:\n    return math.sin(a) * math.exp(a) / a\n",
    "from pxr import Gf\n\n\ndef turned(a: Gf.Vec3d) -> Gf.Vec3d:\n    return Gf.Cross(a, a * 2.0) + a.GetNormalized()\n",
]
ENDLESS = "answer = 7 ** 10 ** 8 % 3"


@pytest.mark.parametrize("rules", [oracle_rules, judge_rules])
@pytest.mark.parametrize("process_id", [1, 4_194_303])
def test_a_filter_that_was_assembled_ahead_names_the_process_that_takes_it(
    rules: Callable[[int], tuple[Rule, ...]], process_id: int
) -> None:
    listed = [(number(rule.call), rule) for rule in rules(process_id)]
    assert Sealed(rules).code(process_id) == assemble(listed, audit_architecture(), errno.EPERM)


def test_a_sealed_judge_compiles_runs_and_compares_as_an_open_one() -> None:
    with Confined("judge", SOURCES) as process:
        sealed = process.receive()
    assert sealed == builds(SOURCES[1:])()
    assert [artefact["status"] for artefact in sealed] == ["verified"] * (len(SOURCES) - 1)


def test_a_sealed_oracle_computes() -> None:
    with Confined("oracle") as process:
        assert process.ask("answer = sum(x * 0.5 for x in range(10 ** 5))") == 2499975000.0
        assert process.ask("answer = [1] * 10 ** 6; answer = len(answer)") == 10**6
        assert process.ask("raise ValueError('told')") == "ValueError: told"


def test_the_seal_holds_threads_that_were_there_before() -> None:
    with Confined("oracle", ["import os"]) as process:
        require(process.report, "system calls")
        assert process.ask("answer = os.getpid()") == process.process.pid
        assert str(process.ask("os.listdir('/')")).startswith("PermissionError")


def test_the_limits_that_stand() -> None:
    with Confined("oracle", seconds=77) as process:
        assert process.limits["DATA"] == [MEMORY, MEMORY]
        assert process.limits["CORE"] == [0, 0]
        assert process.limits["CPU"][0] == 77
        assert process.limits["NOFILE"] == [0, 0]
        assert str(process.ask(f"answer = len(bytes({MEMORY}))")).startswith("MemoryError")
        assert process.ask("answer = 1") == 1


def test_one_long_call_ends_with_its_processor_time() -> None:
    with Confined("oracle", seconds=1) as process:
        assert process.ending(ENDLESS) == -signal.SIGXCPU


def test_a_host_renews_the_processor_time_of_a_warm_process() -> None:
    spend = "import time\nwhile time.process_time() < {}: pass\nanswer = 'spent'"
    with Confined("oracle", ["import time"], seconds=1) as process:
        for until in (0.9, 1.8):
            # Rounded to whole seconds, so that a renewal gives up to one more.
            assert renew_cpu_time(process.process.pid, 1)
            assert process.ask(spend.format(until)) == "spent"
        assert process.ending(spend.format(60)) == -signal.SIGXCPU
    assert not renew_cpu_time(process.process.pid, 1)


def test_it_may_abort_but_not_be_traced() -> None:
    with Confined(
        "oracle", ["import os", "import ctypes\nget = lambda: ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)", "answer = get()"]
    ) as process:
        assert "not traceable" in process.report.in_force
        if os.getuid():
            assert os.stat(f"/proc/{process.process.pid}/mem").st_uid == 0
        assert process.ending("import os; os.abort()") == -signal.SIGABRT


@pytest.mark.skipif(not X86, reason="another processor has no such door")
def test_other_numberings_of_system_calls_are_shut() -> None:
    # mov eax, 20 (getpid of 32-bit programs); int 0x80; ret
    prepared = (
        "import ctypes, mmap, os",
        "page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)",
        r"page.write(b'\xb8\x14\x00\x00\x00\xcd\x80\xc3')",
        "door = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))",
        "library = ctypes.CDLL(None, use_errno=True)",
    )
    with Confined("oracle", prepared) as process:
        require(process.report, "system calls")
        assert process.ask("library.syscall(0x40000000 | 39); answer = ctypes.get_errno()") == 1
        assert process.ending("door()") == -signal.SIGSYS


def test_it_dies_with_its_host_and_not_with_the_thread_that_asked_for_it() -> None:
    command = [sys.executable, "-m", "tests.work.host", ENDLESS]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (ROOT, EXTENSION)))}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=environment) as host:
        assert host.stdout is not None
        oracle = int(host.stdout.readline())
        assert host.stdout.readline() == b"started\n"
        host.kill()
        try:
            # Both hold the pipe: it ends when both have ended.
            host.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            os.kill(oracle, signal.SIGKILL)
            raise


def test_no_descriptor_of_the_host_is_passed_on(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"key")
    with open(tmp_path / "key", "rb") as key:
        os.set_inheritable(key.fileno(), True)
        with Confined("oracle", ["import os"]) as process:
            assert process.ask(f"os.read({key.fileno()}, 3)") == "OSError: [Errno 9] Bad file descriptor"


def test_a_variable_of_the_host_is_reported() -> None:
    with Confined("oracle", **{SECRET: "a key"}) as process:
        assert [entry.detail for entry in process.report.absent if entry.name == "environment"] == [f"it was started with {SECRET}"]
