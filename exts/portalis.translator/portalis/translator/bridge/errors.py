"""What can go wrong between a host and a guest module; every error names the module and the cause."""

from __future__ import annotations

from typing import Literal, TypeAlias

StopKind: TypeAlias = Literal["fuel", "epoch", "stack", "memory", "trap"]


class BridgeError(Exception):
    """Base of the bridge's errors: `module` is the name that the host gave the module, `cause` one sentence."""

    def __init__(self, module: str, cause: str) -> None:
        self.module = module
        self.cause = cause
        super().__init__(f"{module}: {cause}")


class InvalidModule(BridgeError):
    """The bytes are not a module that the bridge runs; nothing of them was executed."""


class GuestStop(BridgeError):
    """A guest that was stopped in mid-call; its instance is discarded, the next call gets a fresh one.

    `kind` is "fuel" (the instruction budget), "epoch" (the deadline), "stack" (call depth), "memory" (no memory is left, or an address
    outside it, an overflow of its own stack included) or "trap" (anything else); `lane` is the lane that the guest had announced, where
    it had announced one.
    """

    def __init__(self, module: str, kind: StopKind, reason: str, lane: int | None = None) -> None:
        self.kind = kind
        self.reason = reason
        self.lane = lane
        super().__init__(module, reason if lane is None else f"{reason}, in lane {lane}")


class GuestMisbehaved(BridgeError):
    """The guest broke the ABI: it wrote where it must not, or its results contradict one another. Nothing was committed."""


class BackingOff(BridgeError):
    """The module failed so often in a row that it is not restarted for another `seconds`."""

    def __init__(self, module: str, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(module, f"failed repeatedly; not restarted for another {seconds:.2f} s")


class BridgeClosed(BridgeError):
    """The module was closed by its owner."""

    def __init__(self, module: str) -> None:
        super().__init__(module, "is closed")


class UnsafeHost(BridgeError):
    """This thread or process cannot run a guest safely; nothing was executed."""
