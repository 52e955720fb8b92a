"""Nothing of the user's is lost: a full disk, a refused run and whoever ends a command leave the old file or all of the new one."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pxr import Sdf, Usd, UsdGeom

from portalis.translator.saving import claimed, replace_file, replacing
from portalis.translator.stage.author.trust import Approvals
from portalis.translator.stage.layers import save, write
from portalis.translator.stage.problems import StageError
from portalis.translator.stage.registry import register_schemas
from tests.test_cli import bound, make_scene, portalis

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals, modes and small disks are POSIX's")
# Before any test opens the first stage of the process.
register_schemas()
DISK_BYTES = 64 << 10
PYTHON = [sys.executable, "-m", "portalis.translator.cli"]


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "settings"))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 64 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    done = subprocess.run([mount or "mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)], capture_output=True)
    if done.returncode:
        pytest.skip("only root can make a small disk")
    yield folder
    # A stage that an exception's traceback still holds keeps its file open.
    gc.collect()
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path) -> None:
    """Leave nothing of a disk."""
    with contextlib.suppress(OSError), (folder / "filler").open("wb", buffering=0) as file:
        while file.write(b"\0" * 4096):
            pass


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_is_replaced_or_stays(tmp_path: Path) -> None:
    file = tmp_path / "file.txt"
    replace_file(file, b"one")
    file.chmod(0o640)
    (tmp_path / "link.txt").symlink_to(file)
    replace_file(tmp_path / "link.txt", b"two")
    assert file.read_bytes() == b"two" and file.stat().st_mode & 0o777 == 0o640 and (tmp_path / "link.txt").is_symlink()
    with pytest.raises(ZeroDivisionError), replacing(file) as beside:
        beside.write_bytes(b"half")
        _ = 1 / 0
    assert file.read_bytes() == b"two" and _names(tmp_path) == {"file.txt", "link.txt"}
    replace_file(Path(os.devnull), b"gone")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("name", ["bytes", "approvals"])
def test_a_full_disk_leaves_a_file_as_it_was(name: str, disk: Path) -> None:
    folder = disk / "settings"
    folder.mkdir(mode=0o700)
    approvals = Approvals(folder)
    approvals.approve("0" * 64, ["/World/A.x"])
    file = folder / "approvals.json"
    fill(disk)
    before, names = file.read_bytes(), _names(folder)
    with pytest.raises(OSError, match="space"):
        if name == "bytes":
            replace_file(file, b"x" * DISK_BYTES)
        else:
            approvals.approve("1" * 64, [f"/World/A{index}.x" for index in range(1000)])
    assert file.read_bytes() == before and _names(folder) == names and approvals.approved("0" * 64, ["/World/A.x"])


@pytest.mark.parametrize("suffix", ["usda", "usdc", "usd"])
def test_a_full_disk_leaves_a_layer_as_it_was(suffix: str, disk: Path) -> None:
    stage = Usd.Stage.CreateNew(str(disk / f"scene.{suffix}"))
    stage.DefinePrim("/World")
    stage.Save()
    fill(disk)
    before, names = (disk / f"scene.{suffix}").read_bytes(), _names(disk)
    for index in range(3000):
        stage.DefinePrim(f"/World/A{index}")
    with pytest.raises(StageError, match="PS171"):
        save(stage.GetRootLayer())
    assert (disk / f"scene.{suffix}").read_bytes() == before and _names(disk) == names


def test_bind_and_run_on_a_full_disk_keep_the_stage_and_the_earlier_bake(disk: Path) -> None:
    scene = make_scene(disk)
    bound(scene)
    out = disk / "out.usda"
    assert portalis("run", scene, "--frames", 2, "-o", out).exit_code == 0
    fill(disk)
    before, names = {path: path.read_bytes() for path in (scene, out)}, _names(disk)
    for command in (
        ("bind", scene, "/World/Ball*", disk / "fall.py", "--input", "velocity=(1.0, 0.0, 0.0)"),
        ("run", scene, "--frames", 400, "-o", out),
        ("run", scene, "--frames", 400, "-o", out, "--flatten"),
        ("run", scene, "--frames", 400, "--record", out, "--overwrite"),
    ):
        result = portalis(*command)
        assert result.exit_code == 1 and "Traceback" not in result.output
        assert "could not be written" in result.stderr or "No space left" in result.stderr
        # Each command is a process of its own, which has no edits that another could not save.
        for layer in Sdf.Layer.GetLoadedLayers():
            # A layer that is no file loses all that it has, and OpenUSD's definitions of prims are such layers.
            if layer.dirty and layer.realPath:
                layer.Reload(force=True)
    assert {path: path.read_bytes() for path in (scene, out)} == before and _names(disk) == names


def test_what_was_written_is_read_back_and_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Usd.Stage.CreateNew(str(tmp_path / "scene.usda"))
    stage.DefinePrim("/World").CreateAttribute("x", Sdf.ValueTypeNames.Double).Set(float("nan"))
    write(stage.GetRootLayer(), tmp_path / "scene.usda")
    before = (tmp_path / "scene.usda").read_bytes()
    stage.GetPrimAtPath("/World").CreateAttribute("y", Sdf.ValueTypeNames.Double)
    export = Sdf.Layer.Export

    def torn(layer: Sdf.Layer, name: str, **options: object) -> bool:
        done = bool(export(layer, name, **options))
        text = Path(name).read_text()
        Path(name).write_text(text.replace("double y", "double z"))
        return done

    monkeypatch.setattr(Sdf.Layer, "Export", torn)
    with pytest.raises(StageError, match="not what was meant"):
        write(stage.GetRootLayer(), tmp_path / "scene.usda")
    assert (tmp_path / "scene.usda").read_bytes() == before and _names(tmp_path) == {"scene.usda"}


def test_what_says_nothing_may_be_left_out_by_the_text(tmp_path: Path) -> None:
    stage = Usd.Stage.CreateNew(str(tmp_path / "scene.usdc"))
    layer, prim = stage.GetRootLayer(), stage.DefinePrim("/World")
    layer.pseudoRoot.SetInfo("documentation", "")
    layer.pseudoRoot.SetInfo("primOrder", [])
    spec = layer.GetPrimAtPath(prim.GetPath())
    for name, nothing in (("comment", ""), ("apiSchemas", Sdf.TokenListOp()), ("references", Sdf.ReferenceListOp())):
        spec.SetInfo(name, nothing)
    stage.Save()
    for name in ("copy.usda", "copy.usdc"):
        write(layer, tmp_path / name)
        assert Usd.Stage.Open(str(tmp_path / name)).GetPrimAtPath("/World")


def test_a_text_file_named_usd_stays_text(tmp_path: Path) -> None:
    for kind in ("usda", "usdc"):
        layer = Sdf.Layer.CreateNew(str(tmp_path / f"{kind}.usd"), {"format": kind})
        head = Path(layer.realPath).read_bytes()[:4]
        stage = Usd.Stage.Open(layer)
        UsdGeom.Xform.Define(stage, "/World")
        save(layer)
        assert Path(layer.realPath).read_bytes()[:4] == head and not layer.dirty
        assert Sdf.Layer.OpenAsAnonymous(layer.realPath).GetPrimAtPath("/World")


def test_a_refused_run_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = make_scene(tmp_path)
    bound(scene)
    outputs = {name: tmp_path / name for name in ("out.usda", "report.json", "run.rec")}
    run = ("run", scene, "--frames", 3, "-o", outputs["out.usda"], "--report", outputs["report.json"], "--record", outputs["run.rec"])
    assert portalis(*run).exit_code == 0
    before = {name: path.read_bytes() for name, path in outputs.items()}
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "somebody else"))
    denied = portalis(*run)
    assert denied.exit_code == 1 and "PS150" in denied.stderr and "wrote" not in denied.stdout
    assert {name: path.read_bytes() for name, path in outputs.items()} == before


def test_two_programs_that_write_one_file_notice_one_another(tmp_path: Path) -> None:
    scene = make_scene(tmp_path)
    bound(scene)
    out = tmp_path / "out.usda"
    names = _names(tmp_path)
    for file, command in (
        (out, ("run", scene, "--frames", 1, "-o", out)),
        (scene, ("bind", scene, "/World/Ball0", tmp_path / "fall.py", "--input", "velocity=(0.0, 0.0, 0.0)")),
    ):
        with claimed(file):
            busy = portalis(*command)
        assert busy.exit_code == 1 and f"{file}: another program is writing this file" in busy.stderr and _names(tmp_path) == names
        assert portalis(*command).exit_code == 0
        names = _names(tmp_path)
    assert not [name for name in names if name.endswith(".lock")]


def test_the_studio_does_not_open_a_stage_that_another_program_is_writing(tmp_path: Path) -> None:
    scene = make_scene(tmp_path)
    with claimed(scene):
        busy = portalis("studio", scene)
    assert busy.exit_code == 1 and "another program is writing this file" in busy.stderr


def test_a_claim_is_given_back_by_whoever_dies(tmp_path: Path) -> None:
    program = f"""
import os
from pathlib import Path
from portalis.translator.saving import claimed
with claimed(Path({str(tmp_path / "deep" / "file")!r})):
    os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", program]).returncode == 9
    with claimed(tmp_path / "deep" / "file"), pytest.raises(BlockingIOError), claimed(tmp_path / "deep" / "file"):
        pass
    with claimed(tmp_path / "none" / "file"):
        pass
    assert not list((tmp_path / "deep").iterdir()) and not (tmp_path / "none").exists()


def test_what_a_killed_run_left_is_removed_by_the_next_one_to_the_same_file(tmp_path: Path) -> None:
    scene = make_scene(tmp_path)
    bound(scene)
    out = tmp_path / "out.usda"
    program = f"""
import os
from pathlib import Path
from portalis.translator.saving import claimed, replacing
with claimed(Path({str(out)!r})), replacing(Path({str(out)!r})) as temporary:
    temporary.write_bytes(b"half")
    os._exit(9)
"""
    before = _names(tmp_path)
    assert subprocess.run([sys.executable, "-c", program]).returncode == 9
    (left,) = [name for name in _names(tmp_path) - before if not name.endswith(".lock")]
    others = {left.replace("out.usda", other) for other in ("out.usdc", "out", "about.usda", "out.usda.out.usda")} | {".out.usda.mine"}
    for name in others:
        (tmp_path / name).write_bytes(b"somebody else's")
    assert portalis("run", scene, "--frames", 1, "-o", out).exit_code == 0
    names = _names(tmp_path)
    assert left not in names and others <= names and "out.usda" in names


def test_a_device_is_replaced_by_nothing(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path):
        with pytest.raises(OSError, match=r"not a regular file|Is a directory"), replacing(path) as temporary:
            temporary.write_bytes(b"new")
    assert pipe.is_fifo() and _names(tmp_path) == {"pipe"}
    scene = make_scene(tmp_path)
    bound(scene)
    refused = portalis("run", scene, "--frames", 1, "--record", pipe)
    assert refused.exit_code == 2 and f"--record {pipe} is no regular file" in refused.stderr and pipe.is_fifo()


def test_a_claim_that_cannot_be_had_names_the_file(tmp_path: Path) -> None:
    scene = make_scene(tmp_path)
    refused = portalis("run", scene, "--frames", 1, "-o", "/proc/out.usda")
    assert refused.exit_code == 1 and "/proc/out.usda: " in refused.stderr and ".lock" not in refused.stderr


def test_a_run_replaces_neither_its_stage_nor_one_of_its_own_files(tmp_path: Path) -> None:
    scene = make_scene(tmp_path)
    over = tmp_path / "over.usda"
    assert portalis("bind", scene, "/World/Ball0", tmp_path / "fall.py", "--input", "velocity=(0.0, 0.0, 0.0)", "-o", over).exit_code == 0
    before = {path: path.read_bytes() for path in (scene, over)}
    out, kept = tmp_path / "out.usda", tmp_path / "kept.rec"
    assert portalis("run", over, "--frames", 1, "--record", kept).exit_code == 0
    recorded = kept.read_bytes()
    for options in (
        ("--record", over),
        ("--report", over),
        ("--record", scene),
        ("--report", scene),
        ("-o", out, "--report", out),
        ("-o", out, "--record", tmp_path / "." / "out.usda"),
        ("--record", out, "--report", out),
        ("--replay", kept, "--report", kept),
    ):
        refused = portalis("run", over, "--frames", 1, *options)
        assert refused.exit_code == 2 and "name another file" in refused.stderr, (options, refused.output)
        assert not out.exists() and {path: path.read_bytes() for path in before} == before and kept.read_bytes() == recorded, options


def test_an_interrupted_benchmark_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Path] = []

    def interrupted(path: Path, _arguments: list[str]) -> int:
        ran.append(path)
        return 130

    monkeypatch.setattr("portalis.translator.cli.bench.run_program", interrupted)
    assert portalis("bench").exit_code == 130 and len(ran) == 1


def test_a_bake_says_that_it_plays_back(tmp_path: Path) -> None:
    scene = make_scene(tmp_path)
    bound(scene)
    for name, flat in (("out.usda", ()), ("flat.usda", ("--flatten",))):
        assert portalis("run", scene, "--frames", 2, "-o", tmp_path / name, *flat).exit_code == 0
        again = portalis("run", tmp_path / name, "--frames", 2)
        assert again.exit_code == 1 and "disabled" in again.stderr


def _running(scene: Path, *arguments: object) -> subprocess.Popen[str]:
    command = [*PYTHON, "run", scene, "--frames", 10_000_000, *arguments]
    # Whoever runs the tests in the background or under nohup ignores these signals, and so would the command.
    return subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_with_default_signals
    )


def _with_default_signals() -> None:
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _handles(pid: int, number: int) -> bool:
    """Tell whether a process has a handler of its own for a signal."""
    caught = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="/proc tells when a process is ready")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_ends_a_run_keeps_its_whole_frames(number: signal.Signals, tmp_path: Path) -> None:
    scene = make_scene(tmp_path)
    bound(scene)
    process = _running(scene, "-o", tmp_path / "out.usda", "--json", "--trust", "*")
    try:
        _until_frames_run(process)
        process.send_signal(number)
        stdout, stderr = process.communicate()
    finally:
        process.kill()
    answer = json.loads(stdout)
    assert process.returncode == 128 + number and not answer["ok"], stderr
    baked = Usd.Stage.Open(str(tmp_path / "out.usda"))
    assert len(baked.GetAttributeAtPath("/World/Ball0.xformOp:translate").GetTimeSamples()) == answer["frames"] > 0


def _until_frames_run(process: subprocess.Popen[str]) -> None:
    """Return once a run, which has used so much time of the processor that it must be at its frames, is there."""
    while process.poll() is None and sum(map(int, Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13])) < 250:
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_at_the_start_is_not_swallowed(number: signal.Signals, tmp_path: Path) -> None:
    scene = make_scene(tmp_path)
    bound(scene)
    process = _running(scene, "-o", tmp_path / "out.usda")
    try:
        while process.poll() is None and not (_handles(process.pid, signal.SIGTERM) and _handles(process.pid, signal.SIGHUP)):
            time.sleep(0.001)
        process.send_signal(number)
        _, stderr = process.communicate()
    finally:
        process.kill()
    assert process.returncode == 128 + number and "Traceback" not in stderr and not (tmp_path / "out.usda").exists()


def test_a_swallowed_interrupt_counts_once_frames_would_run() -> None:
    program = """
import signal, sys
from portalis.translator.cli import interrupt
ending = interrupt.InterruptHandler()
ending.install()
try:
    signal.raise_signal(signal.SIGTERM)
except KeyboardInterrupt:
    pass
with interrupt.noticed() as asked:
    print(asked.is_set(), asked.status)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "143"]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A layer that takes a while to write."""
    path = tmp_path_factory.mktemp("large") / "new.usda"
    stage = Usd.Stage.CreateNew(str(path))
    prim = stage.DefinePrim("/World")
    for index in range(20_000):
        prim.CreateAttribute(f"x{index}", Sdf.ValueTypeNames.Double).Set(float(index))
    stage.Save()
    return path


@pytest.mark.parametrize("after", range(6))
def test_kill_9_leaves_the_old_file_or_all_of_the_new_one(after: int, large: Path, tmp_path: Path) -> None:
    """Killed as soon as a file appears beside the output (written but not yet renamed), and a little later each time."""
    stage = Usd.Stage.CreateNew(str(tmp_path / "scene.usda"))
    stage.DefinePrim("/World")
    stage.Save()
    scene = tmp_path / "scene.usda"
    before, new = scene.read_bytes(), large.read_bytes()
    program = """
import sys
from pathlib import Path
from pxr import Sdf
from portalis.translator.stage.layers import write
write(Sdf.Layer.FindOrOpen(sys.argv[1]), Path(sys.argv[2]))
"""
    process = subprocess.Popen([sys.executable, "-c", program, str(large), str(scene)])
    while process.poll() is None and _names(tmp_path) == {"scene.usda"}:
        time.sleep(0.001)
    time.sleep(0.02 * after)
    process.kill()
    process.wait()
    assert scene.read_bytes() in (before, new)
