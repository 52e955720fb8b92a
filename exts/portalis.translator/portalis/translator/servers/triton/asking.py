"""One request to a Triton server's model: two byte strings in, one out. Needs no compiler."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import numpy as np
import tritonclient.grpc as grpc
from tritonclient.utils import InferenceServerException

from portalis.translator.servers.contract.asking import Breaker, Passing, RemoteError, ServerUnavailable, ask
from portalis.translator.servers.triton.access import GRPC_HEADER, KEY_VARIABLE, find_key

MODEL = "translate"
DEFAULT_ADDRESS = "127.0.0.1:8001"
_LOOPBACK = ("127.", "localhost", "[::1]", "::1")
# What Triton says to a request without the key; it is no reason to ask again.
_RESTRICTED = "restricted"
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


class TritonDoor:
    """The model of the server at `address`; can be used by many threads at once. Without a `key`, it is the one found for the address."""

    def __init__(self, address: str, *, key: str | None = None, attempts: int = 6, breaker: Breaker | None = None) -> None:
        self.address = address
        self._key = key
        self._attempts = attempts
        self._breaker = breaker or Breaker()
        self._client = grpc.InferenceServerClient(address, channel_args=channel_arguments(address))

    def ask(self, source: bytes, options: bytes, *, version: int, deadline: float) -> bytes:
        """Return the answer of a version of the model; raises RemoteError and ServerUnavailable, within `deadline` seconds."""
        inputs = [_string_input("SOURCE", source), _string_input("OPTIONS", options)]

        def exchange(seconds: float) -> bytes:
            return self._attempt(inputs, version, seconds, deadline)

        return ask(f"the server at {self.address}", exchange, deadline=deadline, attempts=self._attempts, breaker=self._breaker)

    def versions(self, seconds: float = 5.0) -> tuple[int, ...]:
        """Return the versions of the model that the server has, each a compiler's; ServerUnavailable where it tells none."""
        try:
            metadata = self._client.get_model_metadata(MODEL, headers=self._headers(), client_timeout=seconds)
        except InferenceServerException as error:
            raise self._explain(error, seconds) from error
        return tuple(int(version) for version in metadata.versions)

    def is_ready(self, version: int, seconds: float = 2.0) -> bool:
        """Tell whether the server says that the model is ready."""
        try:
            return bool(self._client.is_model_ready(MODEL, str(version), client_timeout=seconds))
        except InferenceServerException:
            return False

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _headers(self) -> dict[str, str] | None:
        key = self._key or find_key(self.address)
        return {GRPC_HEADER: key} if key else None

    def _attempt(self, inputs: list[Any], version: int, seconds: float, deadline: float) -> bytes:
        try:
            return _text(self._exchange(inputs, version, seconds, deadline))
        except InferenceServerException as error:
            told = error.message().lower()
            passing = error.status() == "StatusCode.UNAVAILABLE" and _RESTRICTED not in told
            explained = self._explain(error, deadline)
            if passing or any(words in told for words in _UNHEALTHY):
                raise Passing(explained) from error
            raise explained from error
        except (RemoteError, ServerUnavailable):
            raise
        except Exception as error:
            # Whatever else gRPC or the answer's decoding says: to a caller it is a server that failed.
            raise RemoteError(f"the server at {self.address} gave no answer: {type(error).__name__}: {error}") from error

    def _exchange(self, inputs: list[Any], version: int, seconds: float, deadline: float) -> Any:
        """Send one request and wait; the wait has an end of its own, so that no state of the channel can hold the caller."""
        future: Future[Any] = Future()

        # tritonclient passes both by keyword: with other names the callback fails unseen and nobody is ever told.
        def answered(result: Any, error: Any) -> None:
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

        call = self._client.async_infer(
            MODEL, inputs, answered, model_version=str(version), client_timeout=seconds, headers=self._headers()
        )
        try:
            return future.result(seconds + 2.0)
        except TimeoutError as error:
            raise ServerUnavailable(f"the server at {self.address} gave no answer within {deadline:g} s") from error
        finally:
            call.cancel()

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


def _string_input(name: str, value: bytes) -> Any:
    tensor = grpc.InferInput(name, [1, 1], "BYTES")
    return tensor.set_data_from_numpy(np.array([[value]], dtype=np.object_))


def _text(result: Any) -> bytes:
    rows = result.as_numpy("ANSWER")
    if rows is None or rows.shape != (1, 1):
        raise RemoteError("the server's answer has no text")
    return bytes(rows[0, 0])
