"""Requests to a Triton server's models: byte strings in and out. Needs no compiler."""

from __future__ import annotations

import contextlib
import functools
import secrets
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import tritonclient.grpc as grpc
from tritonclient.utils import InferenceServerException

from portalis.translator.servers.contract.asking import Breaker, Passing, RemoteError, ServerUnavailable, TextLost, ask
from portalis.translator.servers.contract.proof import require_proof
from portalis.translator.servers.contract.session import SessionRequest
from portalis.translator.servers.contract.translation import ANSWER, CANARY, TranslatedAnswer
from portalis.translator.servers.triton.access import GRPC_HEADER, KEY_VARIABLE, find_key
from portalis.translator.servers.triton.pulse import Pulse
from portalis.translator.servers.triton.streaming import stream

MODEL, BATCH, SESSION = "translate", "batch", "session"
MODELS = (MODEL, BATCH, SESSION)
# What one request to `batch` holds at most: what passes through shared memory stays small.
_MOST_SOURCES, _MOST_BYTES = 256, 4 << 20
DEFAULT_ADDRESS = "127.0.0.1:8001"
_LOOPBACK = ("127.", "localhost", "[::1]", "::1")
# What Triton says to a request without the key; it is no reason to ask again.
_RESTRICTED = "restricted"
_LOOK_SECONDS = 5.0
# What it says of a model whose process was killed; whoever watches over it loads it again.
_UNHEALTHY = ("stub process", "not healthy")
# What a model says where it may answer later; a stream has no status.
_LATER = "ask again"
# What Triton says of a sequence that has ended, expired, or went with its model.
_NOT_BEGUN = "START flag"


def channel_arguments(address: str) -> list[tuple[str, int]]:
    """Return gRPC's settings for a server: answers of any size, quick reconnects, and no proxy on the way to this machine."""
    arguments = [
        ("grpc.max_send_message_length", 2**31 - 1),
        ("grpc.max_receive_message_length", 2**31 - 1),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 2000),
    ]
    return [*arguments, ("grpc.enable_http_proxy", 0)] if address.startswith(_LOOPBACK) else arguments


T = TypeVar("T")


@dataclass(frozen=True)
class _Request:
    """What one model is asked; any version where that is empty."""

    model: str
    version: str
    inputs: list[Any]
    # Of a sequence, its name and whether it starts and ends with this.
    sequence: tuple[str, bool, bool] = ("", False, False)


class TritonDoor:
    """The models of the server at `address`; can be used by many threads at once. Without a `key`, it is the one found for the address."""

    def __init__(self, address: str, *, key: str | None = None, attempts: int = 6, breaker: Breaker | None = None) -> None:
        self.address = address
        self._key = key
        self._attempts = attempts
        self._breaker = breaker or Breaker()
        self._client = self._connected()
        self._pulses = {model: Pulse(functools.partial(self._ended, model)) for model in MODELS}

    def ask(self, source: bytes, options: bytes, *, version: int, deadline: float) -> bytes:
        """Return the answer of a version of the model; raises RemoteError and ServerUnavailable, within `deadline` seconds."""
        asked = _Request(MODEL, str(version), _inputs([source], [options], [1, 1]))

        def exchange(seconds: float) -> bytes:
            return self._attempt(lambda: _text(self._exchange(asked, seconds, deadline, self._pulses[MODEL])), deadline)

        return self._asked(exchange, deadline)

    def edit(self, name: str, text: bytes, *, starts: bool, ends: bool, version: int, deadline: float) -> bytes:
        """Return the answer to what a session asks for, a `SessionRequest` as JSON; TextLost where the server has forgotten it."""
        asked = _Request(SESSION, str(version), [_input("REQUEST", [text], [1, 1])], (name, starts, ends))

        def exchange(seconds: float) -> bytes:
            return self._attempt(lambda: _text(self._exchange(asked, seconds, deadline, self._pulses[SESSION])), deadline)

        return self._asked(exchange, deadline)

    def ask_all(
        self, sources: Sequence[bytes], options: Sequence[bytes], told: Callable[[int, bytes], None], *, version: int, deadline: float
    ) -> None:
        """Ask for many translations; `told` hears of each answer, and of which source it is, as soon as it comes.

        What is lost on the way is asked for again. Raises as `ask` does where no answer comes for `deadline` seconds.
        """
        missing = dict.fromkeys(range(len(sources)))

        def exchange(seconds: float) -> None:
            some = _first(missing, sources)
            inputs = _inputs([sources[number] for number in some], [options[number] for number in some], [len(some)])
            # Closed at once where `told` raises, and not when its exception is forgotten: then the server drops the rest.
            with contextlib.closing(self._streamed(_Request(BATCH, str(version), inputs), seconds, self._pulses[BATCH])) as responses:
                for place, answer in responses:
                    if (number := some[place]) in missing:
                        del missing[number]
                        told(number, answer)

        while missing:
            before = len(missing)
            try:
                self._asked(lambda seconds: self._attempt(lambda: exchange(seconds), deadline), deadline)
            except ServerUnavailable:
                if len(missing) == before:
                    raise
            else:
                if len(missing) == before:
                    raise RemoteError(f"the server at {self.address} answered nothing")

    def versions(self, seconds: float = 5.0) -> tuple[int, ...]:
        """Return the versions of the model that the server has, each a compiler's; ServerUnavailable where it tells none."""
        try:
            metadata = self._client.get_model_metadata(MODEL, headers=self._headers(), client_timeout=seconds)
        except InferenceServerException as error:
            raise self._explain(error, seconds) from error
        return tuple(int(version) for version in metadata.versions)

    def why_not(self, model: str, version: int, seconds: float) -> str:
        """Return why a model gives no translation now, nothing where it does: it is asked for one, since what it says of itself is nothing.

        Neither attempts nor the breaker count: this is how others learn whether to ask.
        """
        try:
            answer = ANSWER.validate_json(self._attempt(lambda: self._canary(model, str(version), seconds), seconds))
            if not isinstance(answer, TranslatedAnswer):
                return f"its answer is: {answer.kind}"
            require_proof(answer.build)
        except Passing as passing:
            return str(passing.error)
        except (RemoteError, ServerUnavailable, ValueError) as error:
            return str(error)
        return ""

    def is_ready(self, version: int, seconds: float) -> bool:
        """Tell whether the model translates."""
        return not self.why_not(MODEL, version, seconds)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _headers(self) -> dict[str, str] | None:
        key = self._key or find_key(self.address)
        return {GRPC_HEADER: key} if key else None

    def _connected(self) -> Any:
        return grpc.InferenceServerClient(self.address, channel_args=channel_arguments(self.address))

    def _asked(self, exchange: Callable[[float], T], deadline: float) -> T:
        return ask(f"the server at {self.address}", exchange, deadline=deadline, attempts=self._attempts, breaker=self._breaker)

    def _attempt(self, exchange: Callable[[], T], deadline: float) -> T:
        """Return what an exchange gives; what it raises in the words of this module."""
        try:
            return exchange()
        except InferenceServerException as error:
            told = error.message().lower()
            passing = error.status() == "StatusCode.UNAVAILABLE" and _RESTRICTED not in told
            explained = self._explain(error, deadline)
            if passing or any(words in told for words in (*_UNHEALTHY, _LATER)):
                raise Passing(explained) from error
            raise explained from error
        except (RemoteError, ServerUnavailable, Passing):
            raise
        except Exception as error:
            # Whatever else gRPC or the answer's decoding says: to a caller it is a server that failed.
            raise RemoteError(f"the server at {self.address} gave no answer: {type(error).__name__}: {error}") from error

    def _exchange(self, asked: _Request, seconds: float, deadline: float, pulse: Pulse | None) -> Any:
        """Send one request and wait; the wait has an end of its own, so that no state of the channel can hold the caller."""
        future: Future[Any] = Future()

        def fail(error: Exception) -> None:
            with contextlib.suppress(InvalidStateError):
                future.set_exception(error)

        # tritonclient passes both by keyword: with other names the callback fails unseen and nobody is ever told.
        def answered(result: Any, error: Any) -> None:
            if error is not None:
                fail(error)
            else:
                with contextlib.suppress(InvalidStateError):
                    future.set_result(result)

        name, starts, ends = asked.sequence
        sequence = {"sequence_id": name, "sequence_start": starts, "sequence_end": ends} if name else {}
        call = self._client.async_infer(
            asked.model, asked.inputs, answered, model_version=asked.version, client_timeout=seconds, headers=self._headers(), **sequence
        )
        try:
            with pulse.watch(fail) if pulse is not None else contextlib.nullcontext():
                return future.result(seconds + 2.0)
        except TimeoutError as error:
            raise ServerUnavailable(f"the server at {self.address} gave no answer within {deadline:g} s") from error
        finally:
            call.cancel()

    def _streamed(self, asked: _Request, seconds: float, pulse: Pulse | None) -> Generator[tuple[int, bytes], None, None]:
        what = {"model_name": asked.model, "model_version": asked.version, "inputs": asked.inputs}
        with contextlib.closing(stream(self._connected(), pulse, seconds, self._headers(), **what)) as responses:
            for response in responses:
                yield int(response.as_numpy("NUMBER")[0]), bytes(response.as_numpy("ANSWER")[0])

    def _canary(self, model: str, version: str, seconds: float) -> bytes:
        """Return a model's answer to what it has in memory."""
        if model == SESSION:
            asked = _input("REQUEST", [SessionRequest(source=CANARY).model_dump_json().encode()], [1, 1])
            sequence = (secrets.token_hex(8), True, True)
            return _text(self._exchange(_Request(model, version, [asked], sequence), seconds, seconds, None))
        source = [CANARY.encode()], [b""]
        if model == BATCH:
            with contextlib.closing(self._streamed(_Request(model, version, _inputs(*source, [1])), seconds, None)) as responses:
                return next(responses, (0, b""))[1]
        return _text(self._exchange(_Request(model, version, _inputs(*source, [1, 1])), seconds, seconds, None))

    def _ended(self, model: str) -> Exception | None:
        """Return what to tell those who wait for a model whose process has ended, and nothing where it may well answer them."""
        try:
            self._canary(model, "", _LOOK_SECONDS)
        except InferenceServerException as error:
            if any(words in error.message().lower() for words in _UNHEALTHY):
                return Passing(self._explain(error, _LOOK_SECONDS))
        except ServerUnavailable:
            pass
        return None

    def _explain(self, error: InferenceServerException, deadline: float) -> Exception:
        match error.status():
            case "StatusCode.UNAVAILABLE" if _RESTRICTED in error.message():
                return RemoteError(
                    f"the server at {self.address} asks for its key: run this as the user who started it, or set {KEY_VARIABLE}"
                )
            case "StatusCode.UNAVAILABLE":
                return ServerUnavailable(f"no server answers at {self.address}: {error.message()}")
            case "StatusCode.DEADLINE_EXCEEDED":
                return ServerUnavailable(f"the server at {self.address} gave no answer within {deadline:g} s")
            case "StatusCode.NOT_FOUND":
                return ServerUnavailable(f"the server at {self.address} has another version of the compiler: {error.message()}")
            case _ if _NOT_BEGUN in error.message():
                return TextLost(f"the server at {self.address} knows nothing of the session any more")
            case None if _LATER in error.message():
                return ServerUnavailable(f"the server at {self.address}: {error.message()}")
            case status if any(words in error.message().lower() for words in _UNHEALTHY):
                return ServerUnavailable(f"the model of the server at {self.address} has ended: {status}: {error.message()}")
            case status:
                return RemoteError(f"the server at {self.address} failed: {status}: {error.message()}")


def _inputs(sources: Sequence[bytes], options: Sequence[bytes], shape: list[int]) -> list[Any]:
    return [_input("SOURCE", sources, shape), _input("OPTIONS", options, shape)]


def _input(name: str, rows: Sequence[bytes], shape: list[int]) -> Any:
    return grpc.InferInput(name, shape, "BYTES").set_data_from_numpy(np.array(rows, dtype=np.object_).reshape(shape))


def _first(missing: Iterable[int], sources: Sequence[bytes]) -> list[int]:
    """Return the first numbers whose sources fit into one request."""
    some: list[int] = []
    size = 0
    for number in missing:
        size += len(sources[number])
        if some and (size > _MOST_BYTES or len(some) == _MOST_SOURCES):
            break
        some.append(number)
    return some


def _text(result: Any) -> bytes:
    rows = result.as_numpy("ANSWER")
    if rows is None or rows.shape != (1, 1):
        raise RemoteError("the server's answer has no text")
    return bytes(rows[0, 0])
