"""The library's precompiled objects: complete, the same as compiled anew, and made again whenever the kept ones are not sound."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portalis.translator.backends.llvm import build_scalar, library
from portalis.translator.backends.llvm.library import Linkage, library_text, partition
from portalis.translator.backends.llvm.precompiled import LibraryObjects, object_key, pack_objects, unpack_objects
from portalis.translator.backends.llvm.support import runtime_level, runtime_names, runtime_text
from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.nodes import Program
from portalis.translator.passes.pipeline import optimise
from portalis.translator.private.host_key import derive_key
from portalis.translator.private.signed import SignedFolder
from portalis.translator.source import SourceFile
from portalis.translator.translating import jobs, library_objects
from portalis.translator.translating.judging import BUILD
from portalis.translator.translating.library_objects import build_bundle, kept_bundle, library_bundle, read_shipped, write_shipped
from portalis.translator.translating.messages import BuildRequest, BuildSettings
from portalis.translator.translating.transport import dump_request
from portalis.translator.work.seat import OracleSeat
from portalis.translator.work.supply import OracleSupply
from portalis.translator.work.worker import Worker, WorkerFailure
from tests.programs.registry import groups

WAVES = """
import math
from pxr import Gf


def f(x: float, y: float, m: Gf.Matrix4d) -> float:
    return math.sin(x) + math.log(y) + x ** y + m.GetInverse()[0, 0] + math.fmod(x, y)
"""
LIBRARY_GROUPS = ("behaviours", "expressions", "gf", "library", "operators")


@pytest.fixture(scope="module")
def bundle() -> bytes:
    """The bundle that translations use, which was made for real in a process of its own."""
    made = library_bundle()
    assert made
    return made


@pytest.fixture
def files(tmp_path: Path) -> SignedFolder:
    return SignedFolder(tmp_path / "library", derive_key(b"key", "library objects"), 4)


@pytest.fixture
def builds(bundle: bytes, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often a bundle is made: the one that was made for real, again and again."""
    made: list[int] = []

    def build(_before: bytes) -> bytes:
        made.append(1)
        return bundle

    monkeypatch.setattr(library_objects, "build_bundle", build)
    return made


def program(text: str) -> Program:
    return optimise(lower(SourceFile("f.py", text), "f").program)


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Nothing that was compiled before is known, before and after."""
    library._compiled.cache_clear()
    yield
    library._compiled.cache_clear()


# ----------------------------------------------------------------------------------------------------------------- what it holds
def test_every_object_that_a_program_of_the_tests_links_is_in_it(bundle: bytes) -> None:
    held, missing, linked = unpack_objects(bundle).keys(), set(), 0
    for group in LIBRARY_GROUPS:
        for item in groups()[group]:
            try:
                subject = optimise(replace(item, target=sys.version_info[:2]).lower().program)
            except TranslationError:
                continue
            linkage = Linkage({function.name: function for function in subject.functions})
            for function in partition(linkage, tuple(name for _, name in scalar_entries(subject))).linked:
                linked += 1
                text = library_text(linkage, function.name, subject.target).text
                if object_key(text, linkage.level(function.name), True) not in held:
                    missing.add(function.name)
    assert linked >= 76
    assert not missing


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("def f(s: str) -> int:\n    return int(s)\n", 1),
        ("def f(xs: list[int]) -> list[int]:\n    return sorted(set(xs))\n", 4),
        ("def f(s: str) -> dict[str, int]:\n    return {c: s.count(c) for c in s}\n", 2),
        ("import re\ndef f(s: str) -> list[str]:\n    return re.findall('[a-c]+', s)\n", 1),
        ("import re\ndef f(p: str, s: str) -> list[str]:\n    return re.findall(p, s)\n", 1),
        ("def f(xs: list[float]) -> list[float]:\n    return [round(x, 2) for x in xs]\n", 1),
        ("def f(n: int) -> str:\n    return f'{n:08}'\n", 1),
        ("def f(s: str) -> float:\n    return float(s)\n", 1),
        ("def f(xs: list[str]) -> str:\n    return str(xs)\n", 1),
    ],
)
def test_what_works_on_objects_is_in_it(bundle: bytes, text: str, least: int) -> None:
    held = unpack_objects(bundle).keys()
    subject = optimise(lower(SourceFile("t.py", text), references=True).program)
    linkage = Linkage({function.name: function for function in subject.functions})
    linked = [
        (library_text(linkage, item.name, subject.target).text, linkage.level(item.name)) for item in partition(linkage, ("f",)).linked
    ]
    assert len(linked) >= least
    assert all(object_key(text, level, True) in held for text, level in linked)


def test_what_makes_objects_is_in_it(bundle: bytes) -> None:
    held = unpack_objects(bundle).keys()
    names = [name for name in runtime_names() if name.startswith(("heap.", "wire."))]
    assert len(names) >= 20 and all(object_key(runtime_text(name), runtime_level(name), True) in held for name in names)


@pytest.mark.usefixtures("forgotten")
def test_a_module_is_the_same_with_it_and_nothing_of_the_library_is_compiled(bundle: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = program(WAVES)
    without = build_scalar(subject)
    library._compiled.cache_clear()
    objects = LibraryObjects()
    objects.install(bundle)
    monkeypatch.setattr(library, "installed_objects", lambda: objects)
    monkeypatch.setattr(library, "compile_text", lambda *_: pytest.fail("a function of the library was compiled"))
    assert build_scalar(subject) == without


@pytest.mark.usefixtures("forgotten")
def test_an_object_of_another_text_is_not_taken(bundle: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = program("import math\n\n\ndef f(x: float) -> float:\n    return math.sin(x)\n")
    right = build_scalar(subject)
    library._compiled.cache_clear()
    keys = list(unpack_objects(bundle))
    swapped = dict(zip(keys, [*list(unpack_objects(bundle).values())[1:], b""], strict=True))
    objects = LibraryObjects()
    # Under keys of other texts: what they hold is never looked at.
    objects.install(pack_objects({bytes(reversed(key)): item for key, item in swapped.items()}))
    monkeypatch.setattr(library, "installed_objects", lambda: objects)
    assert build_scalar(subject) == right


def test_the_key_names_all_that_an_object_is_made_of() -> None:
    keys = {object_key("text", 3, True), object_key("text", 3, False), object_key("text", 1, True), object_key("other", 3, True)}
    assert len(keys) == 4


def test_what_is_no_bundle_is_refused(bundle: bytes) -> None:
    objects = LibraryObjects()
    for torn in (b"", b"portalis", bundle[:-1], bundle[:60], bundle + b"\0", bundle[1:]):
        with pytest.raises(ValueError, match="library objects"):
            objects.install(torn)
    assert objects == LibraryObjects()
    assert unpack_objects(pack_objects({})) == {}


# -------------------------------------------------------------------------------------------------------------------- keeping it
def test_it_is_made_once_and_then_kept(files: SignedFolder, builds: list[int], bundle: bytes) -> None:
    assert kept_bundle(files) == kept_bundle(files) == bundle
    assert builds == [1]


def test_it_is_made_again_where_it_was_deleted(
    files: SignedFolder, builds: list[int], bundle: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_bundle(files)
    (kept,) = files.folder.iterdir()
    kept.unlink()
    # For real: what comes out of another process is the same to the last bit.
    monkeypatch.setattr(library_objects, "build_bundle", build_bundle)
    assert kept_bundle(files) == bundle
    assert builds == [1] and kept.exists()


def test_what_the_one_before_holds_is_not_compiled_again(bundle: bytes, files: SignedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    objects = unpack_objects(bundle)
    marked = dict.fromkeys(objects, b"not compiled")
    gone = next(iter(marked))
    del marked[gone]
    made = unpack_objects(build_bundle(pack_objects(marked)))
    assert made.keys() == objects.keys()
    assert made[gone] == objects[gone] and all(made[key] == b"not compiled" for key in marked)
    # And that is what a change of the sources gives it.
    given: list[bytes] = []
    monkeypatch.setattr(library_objects, "build_bundle", lambda before: given.append(before) or bundle)
    kept_bundle(files)
    monkeypatch.setattr(library_objects, "_identity", lambda: "changed")
    kept_bundle(files)
    assert given == [b"", bundle]


def test_it_is_made_again_where_any_bit_flipped(files: SignedFolder, builds: list[int], bundle: bytes) -> None:
    kept_bundle(files)
    (path,) = files.folder.iterdir()
    good, generator = path.read_bytes(), random.Random(3)
    places = [0, 31, 32, len(good) - 1, *(generator.randrange(len(good)) for _ in range(12))]
    for number, place in enumerate(places, start=2):
        flipped = bytearray(good)
        flipped[place] ^= 1 << generator.randrange(8)
        path.write_bytes(flipped)
        assert kept_bundle(files) == bundle
        assert len(builds) == number
        assert path.read_bytes() == good
    for torn in (b"", good[:-1], good[:32]):
        path.write_bytes(torn)
        assert kept_bundle(files) == bundle and path.read_bytes() == good


def test_one_that_another_key_signed_is_made_again(files: SignedFolder, builds: list[int], bundle: bytes) -> None:
    kept_bundle(files)
    (path,) = files.folder.iterdir()
    forger = SignedFolder(files.folder, b"another", 4)
    forged = pack_objects(dict.fromkeys(unpack_objects(bundle), b"anything"))
    path.write_bytes(forger.tag(path.name, forged) + forged)
    assert kept_bundle(files) == bundle
    assert len(builds) == 2


def test_changed_sources_are_another_file(files: SignedFolder, builds: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = tmp_path / "package" / "library"
    sources.mkdir(parents=True)
    (sources / "math.py").write_text("one")
    monkeypatch.setattr(library_objects, "PACKAGE", tmp_path / "package")
    kept_bundle(files)
    kept_bundle(files)
    assert len(builds) == 1
    (sources / "math.py").write_text("other")
    kept_bundle(files)
    assert len(builds) == 2


def test_one_that_cannot_be_kept_is_not_made_by_every_process(builds: list[int], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert kept_bundle(SignedFolder(tmp_path / "file" / "library", b"key", 4)) == b""


def test_a_failed_build_leaves_no_file(files: SignedFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PORTALIS_PYTHON", str(tmp_path / "absent"))
    assert build_bundle() == b""
    assert kept_bundle(files) == b""
    assert not files.folder.exists()


def test_a_wheels_bundle_counts_only_undamaged(bundle: bytes, tmp_path: Path) -> None:
    path = tmp_path / "library.objects"
    write_shipped(path, bundle)
    assert read_shipped(path) == bundle
    good = path.read_bytes()
    for place in (0, 31, 32, len(good) // 2, len(good) - 1):
        flipped = bytearray(good)
        flipped[place] ^= 1
        path.write_bytes(flipped)
        assert read_shipped(path) == b""
    path.write_bytes(b"")
    assert read_shipped(path) == b""
    assert os.path.getsize(path) == 0


@pytest.mark.parametrize("sound", [True, False])
def test_a_judge_is_handed_it_before_its_first_job(bundle: bytes, monkeypatch: pytest.MonkeyPatch, sound: bool) -> None:
    """What a judge does with objects that are none shows that it takes them, though it is confined and opens no file."""
    given = bundle if sound else pack_objects(dict.fromkeys(unpack_objects(bundle), b"no object"))
    monkeypatch.setattr(jobs, "library_bundle", lambda: given)
    lowered = lower(SourceFile("f.py", "import math\n\n\ndef f(x: float) -> float:\n    return math.sin(x)\n"), "f")
    request = BuildRequest(dump_request(lowered), BuildSettings(cases=1, seed=0, opt=3, simd=True, verify=False))
    worker = Worker(jobs.PROGRAM, "programs", opening=jobs.library_request)
    try:
        if sound:
            answer = worker.run(BUILD, request, 60.0, OracleSeat(OracleSupply(), typed=True))
            assert answer.wasm == build_scalar(optimise(lowered.program)).wasm
        else:
            with pytest.raises(WorkerFailure, match="read_object"):
                worker.run(BUILD, request, 60.0, OracleSeat(OracleSupply(), typed=True))
    finally:
        worker.close()
