"""Answers that are kept, under keys that say what changes them and whose they are. What is read back is believed only with this gateway's
own seal over the very bytes: who can write to a database, a bucket or a Redis can make answers vanish, and none appear."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import sqlite3
import time
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from portalis.translator.servers.gateway.database import transaction
from portalis.translator.servers.pool.kept import AnswerCache

if TYPE_CHECKING:
    from portalis.translator.servers.gateway.shared import SharedMemory

_SEAL = hashlib.sha256().digest_size
_DAY = 86_400.0
# An answer is some hundred KiB at most; what is larger when unpacked was not packed here.
_MOST_BYTES = 64 << 20
# Of what was used since, the time is written anew only so often.
_USE_SECONDS = 3600.0
# After so many answers it is looked whether there are too many.
_TIDY_EACH = 50
# What is put within so many seconds is stored together: a thread's turn and a commit cost more than all else of storing an answer.
_GATHER_SECONDS = 0.5
# Where layers are slower than answers come, what is more than this is kept in memory alone.
_MOST_WAITING = 1000


class Layer(Protocol):
    """A place for sealed answers. A name is 64 hexadecimal digits; what is not there is None."""

    async def load(self, name: str) -> bytes | None:
        """Return what is kept under a name."""

    async def store(self, sealed: Mapping[str, bytes]) -> None:
        """Keep what is under these names, as far as it can be kept."""


class Answers:
    """All layers: memory, what gateways share, and what outlives them, asked in this order."""

    def __init__(self, memory_bytes: int, layers: tuple[Layer, ...], secret: bytes) -> None:
        self._memory = AnswerCache(memory_bytes)
        self._layers = layers
        self._secret = secret
        self._waiting: dict[bytes, bytes] = {}
        self._storing: asyncio.Task[None] | None = None

    def at_hand(self, key: bytes) -> bytes | None:
        """Return the answer for a key where it is in memory."""
        return self._memory.get(key)

    async def get(self, key: bytes) -> bytes | None:
        """Return the answer for a key, None where there is none that carries the seal."""
        found = self._memory.get(key)
        if found is not None:
            return found
        for layer in self._layers:
            sealed = await layer.load(key.hex())
            answer = self._opened(key, sealed) if sealed is not None else None
            if answer is not None:
                self._memory.put(key, answer)
                return answer
        return None

    def put(self, key: bytes, answer: bytes) -> None:
        """Keep an answer: in memory now, and soon in every layer, so that nobody waits for that."""
        self._memory.put(key, answer)
        if len(self._waiting) < _MOST_WAITING:
            self._waiting[key] = answer
        if self._storing is None:
            self._storing = asyncio.create_task(self._store())

    async def flush(self) -> None:
        """Wait until every layer has had what was put."""
        if self._storing is not None:
            await self._storing

    async def _store(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(_GATHER_SECONDS)
                waiting, self._waiting = self._waiting, {}
                sealed = await asyncio.to_thread(self._sealed, waiting)
                for layer in self._layers:
                    await layer.store(sealed)
        finally:
            self._storing = None

    def _sealed(self, answers: Mapping[bytes, bytes]) -> dict[str, bytes]:
        packed = {key: zlib.compress(answer, 1) for key, answer in answers.items()}
        return {key.hex(): self._seal(key, content) + content for key, content in packed.items()}

    def _seal(self, key: bytes, packed: bytes) -> bytes:
        return hmac.new(self._secret, key + packed, hashlib.sha256).digest()

    def _opened(self, key: bytes, sealed: bytes) -> bytes | None:
        seal, packed = sealed[:_SEAL], sealed[_SEAL:]
        if not hmac.compare_digest(seal, self._seal(key, packed)):
            return None
        unpacking = zlib.decompressobj()
        answer = unpacking.decompress(packed, _MOST_BYTES)
        return answer if unpacking.eof else None


class Stored:
    """A table of the gateway's own database; what was not used for longest goes first.

    An answer is some kilobytes: to make a file of its own takes a hundred times as long as a row.
    """

    def __init__(self, database: sqlite3.Connection, most_bytes: int, days: float) -> None:
        self._database = database
        self._most_bytes, self._days = most_bytes, days
        self._since_tidied = 0

    async def load(self, name: str) -> bytes | None:
        """Return a row's content."""
        row = self._database.execute("select content, used from kept_answers where key = ?", (name,)).fetchone()
        if row is None:
            return None
        content, used = row
        if time.time() - used > _USE_SECONDS:
            self._database.execute("update kept_answers set used = ? where key = ?", (time.time(), name))
        return bytes(content)

    async def store(self, sealed: Mapping[str, bytes]) -> None:
        """Write rows, and remove others where there are too many."""
        now = time.time()
        rows = [(name, len(content), now, now, content) for name, content in sealed.items()]
        # What cannot be written is made again.
        with contextlib.suppress(sqlite3.Error):
            with transaction(self._database):
                self._database.executemany("insert or replace into kept_answers values (?, ?, ?, ?, ?)", rows)
            self._since_tidied += len(rows)
            if self._since_tidied >= _TIDY_EACH:
                self.tidy()

    def tidy(self) -> None:
        """Remove what is too old, or too much."""
        self._since_tidied = 0
        self._database.execute("delete from kept_answers where created < ?", (time.time() - self._days * _DAY,))
        (held,) = self._database.execute("select coalesce(sum(bytes), 0) from kept_answers").fetchone()
        gone = []
        if held > self._most_bytes:
            for name, size in self._database.execute("select key, bytes from kept_answers order by used"):
                if held <= self._most_bytes:
                    break
                gone.append((name,))
                held -= size
        with transaction(self._database):
            self._database.executemany("delete from kept_answers where key = ?", gone)


class Elsewhere:
    """Anything that fsspec can write to, by its URL: a bucket, say. How long it keeps things is its own affair."""

    def __init__(self, url: str) -> None:
        from fsspec.core import url_to_fs

        found: tuple[Any, str] = url_to_fs(url)
        self._files, self._root = found

    async def load(self, name: str) -> bytes | None:
        """Return an object's content."""
        try:
            return bytes(await asyncio.to_thread(self._files.cat_file, self._path(name)))
        except Exception:
            # Whatever a store elsewhere says: there is no answer, and it is made again.
            return None

    async def store(self, sealed: Mapping[str, bytes]) -> None:
        """Write objects."""
        with contextlib.suppress(Exception):
            await asyncio.to_thread(self._write, sealed)

    def _path(self, name: str) -> str:
        return f"{self._root}/{name[:2]}/{name}"

    def _write(self, sealed: Mapping[str, bytes]) -> None:
        for folder in {name[:2] for name in sealed}:
            self._files.makedirs(f"{self._root}/{folder}", exist_ok=True)
        # All at a time, where it can do that.
        self._files.pipe({self._path(name): content for name, content in sealed.items()})


class InShared:
    """What gateways share: Redis keeps it as long as everything else."""

    def __init__(self, shared: SharedMemory, days: float) -> None:
        self._shared, self._seconds = shared, max(1, int(days * _DAY))

    async def load(self, name: str) -> bytes | None:
        """Return what Redis has."""

        async def got() -> bytes | None:
            found = await self._shared.client.get(f"portalis:answer:{name}")
            return found if isinstance(found, bytes) else None

        return await self._shared.ask(got)

    async def store(self, sealed: Mapping[str, bytes]) -> None:
        """Have Redis keep them."""

        async def told() -> None:
            async with self._shared.client.pipeline(transaction=False) as pipeline:
                for name, content in sealed.items():
                    pipeline.set(f"portalis:answer:{name}", content, ex=self._seconds)
                await pipeline.execute()

        await self._shared.ask(told)
