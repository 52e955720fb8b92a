"""Requests to a Triton server's models: byte strings in and out. Needs no compiler."""

from __future__ import annotations

import contextlib
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass
from typing import Any

import numpy as np
import tritonclient.grpc as grpc
from tritonclient.utils import InferenceServerException

from portalis.translator.servers.contract.asking import Breaker, Passing, RemoteError, ServerUnavailable, ask
from portalis.translator.servers.contract.proof import require_proof
from portalis.translator.servers.contract.translation import ANSWER, CANARY, TranslatedAnswer
from portalis.translator.servers.triton.access import GRPC_HEADER, KEY_VARIABLE, find_key
from portalis.translator.servers.triton.pulse import Pulse

MODEL = "translate"
MODELS = (MODEL,)
DEFAULT_ADDRESS = "127.0.0.1:8001"
_LOOPBACK = ("127.", "localhost", "[::1]", "::1")
# What Triton says to a request without the key; it is no reason to ask again.
_RESTRICTED = "restricted"
_LOOK_SECONDS = 5.0
# What it says of a model whose process was killed; whoever watches over it loads it again.
_UNHEALTHY = ("stub process", "not healthy")


def channel_arguments(address: str) -> list[tuple[str, int]]:
    """Return gRPC's settings for a server: answers of any size, quick reconnects, and no proxy on the way to this machine."""
    arguments = [
        ("grpc.max_send_message_length", 2**31 - 1),
        ("grpc.max_receive_message_length", 2**31 - 1),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 2000),
    ]
    return [*arguments, ("grpc.enable_http_proxy", 0)] if address.startswith(_LOOPBACK) else arguments


@dataclass(frozen=True)
class _Request:
    """What one model is asked; any version where that is None."""

    model: str
    version: int | None
    inputs: list[Any]


class TritonDoor:
    """The model of the server at `address`; can be used by many threads at once. Without a `key`, it is the one found for the address."""

    def __init__(self, address: str, *, key: str | None = None, attempts: int = 6, breaker: Breaker | None = None) -> None:
        self.address = address
        self._key = key
        self._attempts = attempts
        self._breaker = breaker or Breaker()
        self._client = grpc.InferenceServerClient(address, channel_args=channel_arguments(address))
        self._pulse = Pulse(self._ended)

    def ask(self, source: bytes, options: bytes, *, version: int, deadline: float) -> bytes:
        """Return the answer of a version of the model; raises RemoteError and ServerUnavailable, within `deadline` seconds."""
        asked = _Request(MODEL, version, _inputs(source, options))

        def exchange(seconds: float) -> bytes:
            return self._attempt(asked, seconds, deadline, watched=True)

        return ask(f"the server at {self.address}", exchange, deadline=deadline, attempts=self._attempts, breaker=self._breaker)

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
            asked = _Request(model, version, _inputs(CANARY.encode(), b""))
            answer = ANSWER.validate_json(self._attempt(asked, seconds, seconds, watched=False))
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

    def _attempt(self, asked: _Request, seconds: float, deadline: float, *, watched: bool) -> bytes:
        try:
            return _text(self._exchange(asked, seconds, deadline, watched))
        except InferenceServerException as error:
            told = error.message().lower()
            passing = error.status() == "StatusCode.UNAVAILABLE" and _RESTRICTED not in told
            explained = self._explain(error, deadline)
            if passing or any(words in told for words in _UNHEALTHY):
                raise Passing(explained) from error
            raise explained from error
        except (RemoteError, ServerUnavailable, Passing):
            raise
        except Exception as error:
            # Whatever else gRPC or the answer's decoding says: to a caller it is a server that failed.
            raise RemoteError(f"the server at {self.address} gave no answer: {type(error).__name__}: {error}") from error

    def _exchange(self, asked: _Request, seconds: float, deadline: float, watched: bool) -> Any:
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

        call = self._client.async_infer(
            asked.model,
            asked.inputs,
            answered,
            model_version="" if asked.version is None else str(asked.version),
            client_timeout=seconds,
            headers=self._headers(),
        )
        try:
            with self._pulse.watch(fail) if watched else contextlib.nullcontext():
                return future.result(seconds + 2.0)
        except TimeoutError as error:
            raise ServerUnavailable(f"the server at {self.address} gave no answer within {deadline:g} s") from error
        finally:
            call.cancel()

    def _ended(self) -> Exception | None:
        """Return what to tell those who wait for the model where its process has ended, and nothing where it may well answer them."""
        try:
            self._exchange(_Request(MODEL, None, _inputs(CANARY.encode(), b"")), _LOOK_SECONDS, _LOOK_SECONDS, watched=False)
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
            case status if any(words in error.message().lower() for words in _UNHEALTHY):
                return ServerUnavailable(f"the model of the server at {self.address} has ended: {status}: {error.message()}")
            case status:
                return RemoteError(f"the server at {self.address} failed: {status}: {error.message()}")


def _inputs(source: bytes, options: bytes) -> list[Any]:
    return [_string_input("SOURCE", source), _string_input("OPTIONS", options)]


def _string_input(name: str, value: bytes) -> Any:
    tensor = grpc.InferInput(name, [1, 1], "BYTES")
    return tensor.set_data_from_numpy(np.array([[value]], dtype=np.object_))


def _text(result: Any) -> bytes:
    rows = result.as_numpy("ANSWER")
    if rows is None or rows.shape != (1, 1):
        raise RemoteError("the server's answer has no text")
    return bytes(rows[0, 0])
