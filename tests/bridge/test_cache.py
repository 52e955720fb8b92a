"""The cache of compiled code and the key that signs it: damage, forgery, other machines, races, full disks, links."""

from __future__ import annotations

import dataclasses
import errno
import os
import random
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
import wasmtime

from portalis.translator.bridge import CompiledCache, ScalarModule, open_cache
from portalis.translator.bridge import cache as cache_room
from portalis.translator.bridge.engine import shared_engine
from portalis.translator.private.host_key import KEY_BYTES, UnsafeFile, derive_key, host_key, private_folder, read_private
from portalis.translator.private.signed import SignedFolder
from tests.bridge.modules import ADD, module, require_success, scalar

WASM = module(ADD)
OTHER = module(scalar("(f64.store (local.get $results) (f64.const 666)) (i32.const 0)"))
posix = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")


@pytest.fixture
def cache(tmp_path: Path) -> CompiledCache:
    found = open_cache(tmp_path / "cache" / "compiled", tmp_path / "config")
    assert found is not None
    return found


def answer(cache: CompiledCache, wasm: bytes = WASM) -> Any:
    with ScalarModule(wasm, cache=cache) as guest:
        return guest.call("call", [1.0, 2.0], ("f64",)).values[0]


def the_file(cache: CompiledCache) -> Path:
    (path,) = cache.files.folder.iterdir()
    return path


def test_second_load_comes_from_the_file(cache: CompiledCache) -> None:
    engine = shared_engine()
    assert cache.load(engine, WASM) is None
    assert answer(cache) == 3.0
    assert cache.load(engine, WASM) is not None
    assert answer(cache) == 3.0
    before = the_file(cache).stat().st_mtime_ns, the_file(cache).stat().st_ino
    assert answer(cache) == 3.0
    assert (the_file(cache).stat().st_mtime_ns, the_file(cache).stat().st_ino) == before, "it was compiled again"


@posix
def test_files_are_the_users_alone(cache: CompiledCache) -> None:
    answer(cache)
    assert stat.S_IMODE(cache.files.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(the_file(cache).stat().st_mode) == 0o600


def test_damaged_file_is_compiled_anew_and_replaced(cache: CompiledCache) -> None:
    answer(cache)
    path = the_file(cache)
    good = path.read_bytes()
    generator = random.Random(7)
    damaged = [b"", good[:10], good[:-1], good[:32], good + b"\0", good[32:], bytes(len(good))]
    for _ in range(60):
        flipped = bytearray(good)
        flipped[generator.randrange(len(good))] ^= 1 << generator.randrange(8)
        damaged.append(bytes(flipped))
    for content in damaged:
        path.write_bytes(content)
        assert cache.load(shared_engine(), WASM) is None
        assert answer(cache) == 3.0
        assert path.read_bytes() != content
        assert cache.load(shared_engine(), WASM) is not None


def test_file_of_another_module_is_not_taken_for_this_one(cache: CompiledCache) -> None:
    # Both are authentic; only the name tells them apart, and the name is signed too.
    answer(cache)
    mine = the_file(cache)
    assert answer(cache, OTHER) == 666.0
    (theirs,) = set(cache.files.folder.iterdir()) - {mine}
    mine.write_bytes(theirs.read_bytes())
    assert answer(cache) == 3.0


def test_file_under_another_key_is_foreign(cache: CompiledCache) -> None:
    engine = shared_engine()
    forger = SignedFolder(cache.files.folder, b"another key that is as long as it", 512)
    code = bytes(wasmtime.Module(engine.raw, OTHER).serialize())
    name = cache.name(engine, WASM)
    (cache.files.folder / name).write_bytes(forger.tag(name, code) + code)
    os.chmod(cache.files.folder / name, 0o600)
    assert answer(cache) == 3.0


def test_another_configuration_version_or_processor_is_another_file(cache: CompiledCache, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = shared_engine()
    names = {cache.name(engine, WASM), cache.name(dataclasses.replace(engine, fingerprint="another"), WASM), cache.name(engine, OTHER)}
    monkeypatch.setattr(cache_room, "cpu_identity", lambda: "another")
    names.add(cache.name(engine, WASM))
    assert len(names) == 4


def test_code_that_the_engine_does_not_take_although_signed(cache: CompiledCache) -> None:
    engine = shared_engine()
    name = cache.name(engine, WASM)
    (cache.files.folder / name).write_bytes(cache.files.tag(name, b"from an older engine") + b"from an older engine")
    os.chmod(cache.files.folder / name, 0o600)
    assert cache.load(engine, WASM) is None
    assert answer(cache) == 3.0


@posix
def test_links_and_open_files_are_not_read(cache: CompiledCache, tmp_path: Path) -> None:
    answer(cache)
    path = the_file(cache)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert cache.load(shared_engine(), WASM) is None
    path.unlink()
    os.mkfifo(path)
    assert cache.load(shared_engine(), WASM) is None, "a pipe must not be waited for"
    path.unlink()
    (tmp_path / "elsewhere").rename(path)
    path.chmod(0o644)
    assert cache.load(shared_engine(), WASM) is None
    assert answer(cache) == 3.0


@posix
def test_folder_that_is_a_link_or_open_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "file").write_text("")
    for name in ("link", "open", "file"):
        with pytest.raises(UnsafeFile, match=name):
            open_cache(tmp_path / name, tmp_path / "config")
    # A folder that becomes a link later is not written through.
    cache = CompiledCache(SignedFolder(tmp_path / "link", b"k", 512))
    assert answer(cache) == 3.0
    assert list((tmp_path / "real").iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_disk_that_takes_nothing_is_no_error(cache: CompiledCache, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", fail)
    assert answer(cache) == 3.0
    assert list(cache.files.folder.iterdir()) == [], "a temporary file was left"


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files")
def test_disk_that_is_full_in_the_middle_of_a_file(tmp_path: Path) -> None:
    code = f"""
import resource, signal
from pathlib import Path
from portalis.translator.bridge import ScalarModule, open_cache
cache = open_cache(Path({str(tmp_path / "cache")!r}), Path({str(tmp_path / "config")!r}))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
with ScalarModule({WASM!r}, cache=cache) as guest:
    assert guest.call("call", [1.0, 2.0], ("f64",)).values == (3.0,)
assert list(cache.files.folder.iterdir()) == []
"""
    require_success(code)


def test_several_processes_and_threads_at_once(cache: CompiledCache, tmp_path: Path) -> None:
    code = f"""
import threading
from pathlib import Path
from portalis.translator.bridge import ScalarModule, open_cache
cache = open_cache(Path({str(cache.files.folder)!r}), Path({str(tmp_path / "config")!r}))
wrong = []
def work():
    for _ in range(30):
        with ScalarModule({WASM!r}, cache=cache) as guest:
            if guest.call("call", [1.0, 2.0], ("f64",)).values != (3.0,):
                wrong.append(1)
        for path in cache.files.folder.glob("*.cwasm"):
            path.unlink(missing_ok=True)
threads = [threading.Thread(target=work) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert not wrong
"""
    require_success(code)
    assert [path.name for path in cache.files.folder.iterdir() if path.name.startswith(".")] == []


def test_oldest_files_go(cache: CompiledCache) -> None:
    cache = CompiledCache(dataclasses.replace(cache.files, most=3))
    for index in range(5):
        (cache.files.folder / f"{index}.cwasm").write_bytes(b"")
        os.utime(cache.files.folder / f"{index}.cwasm", (index, index))
    answer(cache)
    names = {path.name for path in cache.files.folder.iterdir()}
    assert len(names) == 3 and {"3.cwasm", "4.cwasm"} < names


def test_cache_can_be_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTALIS_CACHE", "0")
    assert open_cache(tmp_path / "cache", tmp_path / "config") is None
    assert list(tmp_path.iterdir()) == []


# ----------------------------------------------------------------------------------------------------------------------- key
def test_key_is_made_once(tmp_path: Path) -> None:
    key = host_key(tmp_path / "config")
    assert len(key) == KEY_BYTES and key == host_key(tmp_path / "config")
    assert key != host_key(tmp_path / "another")
    assert [path.name for path in (tmp_path / "config").iterdir()] == ["host.key"]
    assert len({key, derive_key(key, "a"), derive_key(key, "b")}) == 3


@posix
@pytest.mark.parametrize("fault", ["open", "link", "short", "long", "empty", "folder"])
def test_key_that_is_not_right_is_refused_and_kept(tmp_path: Path, fault: str) -> None:
    key = host_key(tmp_path)
    path = tmp_path / "host.key"
    match fault:
        case "open":
            path.chmod(0o640)
        case "link":
            path.rename(tmp_path / "elsewhere")
            path.symlink_to(tmp_path / "elsewhere")
        case "folder":
            path.unlink()
            path.mkdir()
        case _:
            path.write_bytes({"short": key[:-1], "long": key + b"x", "empty": b""}[fault])
    with pytest.raises((UnsafeFile, IsADirectoryError)):
        host_key(tmp_path)
    assert os.path.lexists(path)


@posix
def test_key_has_its_permissions_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        host_key(tmp_path / "config")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "config").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "config" / "host.key").stat().st_mode) == 0o600


def test_many_that_make_the_key_at_once_agree(tmp_path: Path) -> None:
    code = f"""
import threading
from pathlib import Path
from portalis.translator.private.host_key import host_key
keys, barrier = [], threading.Barrier(8)
def work():
    barrier.wait()
    keys.append(host_key(Path({str(tmp_path / "config")!r})))
threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert len(keys) == 8 and len(set(keys)) == 1
"""
    require_success(code)
    assert [path.name for path in (tmp_path / "config").iterdir()] == ["host.key"]


@posix
def test_private_folder_and_file(tmp_path: Path) -> None:
    private_folder(tmp_path / "a" / "b")
    private_folder(tmp_path / "a" / "b")
    (tmp_path / "a" / "b" / "f").write_bytes(b"12345")
    with pytest.raises(UnsafeFile, match="open to others"):
        read_private(tmp_path / "a" / "b" / "f", 10)
    (tmp_path / "a" / "b" / "f").chmod(0o600)
    assert read_private(tmp_path / "a" / "b" / "f", 3) == b"123"
