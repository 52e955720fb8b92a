"""Checks of the thread and the process that are about to run a guest: what no sandbox can make up for.

The engine stops a guest that uses more stack than it may, but believes that the thread has that much. And with signal-based traps it relies
on its own handlers being the ones that the kernel calls.
"""

from __future__ import annotations

import ctypes
import signal
import sys
import threading

from portalis.translator.bridge.errors import UnsafeHost

# What Python, the binding and the engine need on top of the guest's share of the stack.
HOST_STACK_BYTES = 2**20
_TRAP_SIGNALS = tuple(int(getattr(signal, name)) for name in ("SIGSEGV", "SIGILL", "SIGFPE", "SIGBUS") if hasattr(signal, name))
_STRUCTURE_BYTES = 512  # more than any platform's pthread_attr_t or struct sigaction


def thread_stack_bytes() -> int | None:
    """Return the size of the calling thread's stack in bytes, None where the platform does not tell."""
    if sys.platform == "win32":
        return _windows_stack_bytes()
    libc = ctypes.CDLL(None)
    libc.pthread_self.restype = ctypes.c_void_p
    thread = ctypes.c_void_p(libc.pthread_self())
    if sys.platform == "darwin":
        libc.pthread_get_stacksize_np.restype = ctypes.c_size_t
        return int(libc.pthread_get_stacksize_np(thread))
    attributes = ctypes.create_string_buffer(_STRUCTURE_BYTES)
    if not hasattr(libc, "pthread_getattr_np") or libc.pthread_getattr_np(thread, attributes):
        return None
    address, size = ctypes.c_void_p(), ctypes.c_size_t()
    failed = libc.pthread_attr_getstack(attributes, ctypes.byref(address), ctypes.byref(size))
    libc.pthread_attr_destroy(attributes)
    return None if failed else size.value


def _windows_stack_bytes() -> int | None:
    if sys.platform != "win32":
        return None
    low, high = ctypes.c_size_t(), ctypes.c_size_t()
    ctypes.windll.kernel32.GetCurrentThreadStackLimits(ctypes.byref(low), ctypes.byref(high))
    return high.value - low.value


class ThreadStacks:
    """Requires of every thread that runs guests, once a thread, a stack large enough for guest and host."""

    def __init__(self, guest_bytes: int) -> None:
        self._needed = guest_bytes + HOST_STACK_BYTES
        self._checked = threading.local()

    def require(self, module: str) -> None:
        """Raise UnsafeHost, about `module`, where the calling thread's stack is too small."""
        if getattr(self._checked, "enough", False):
            return
        size = thread_stack_bytes()
        if size is not None and size < self._needed:
            raise UnsafeHost(module, f"this thread has a stack of {size // 1024} KiB; running a guest takes {self._needed // 1024} KiB")
        self._checked.enough = True


class TrapHandlers:
    """Remembers the signal handlers that the engine installed and tells whether they are still in place.

    On Windows the engine uses vectored exceptions, which others can only add to: nothing is checked there.
    """

    def __init__(self) -> None:
        self._sigaction = None if sys.platform == "win32" else ctypes.CDLL(None).sigaction
        self._installed = self._current()

    def _current(self) -> tuple[int, ...]:
        if self._sigaction is None:
            return ()
        action = ctypes.create_string_buffer(_STRUCTURE_BYTES)
        handler = ctypes.c_void_p.from_buffer(action)  # the first member of struct sigaction on Linux and macOS
        found = []
        for number in _TRAP_SIGNALS:
            self._sigaction(number, None, action)
            found.append(handler.value or 0)
        return tuple(found)

    def require(self, module: str) -> None:
        """Raise UnsafeHost, about `module`, where somebody has replaced a handler since: a trap would kill the process."""
        if self._current() != self._installed:
            raise UnsafeHost(
                module,
                "a signal handler was replaced after the engine started (faulthandler switched on or off, or a crash reporter): "
                "switch signal-based traps off, or install the handler before anything runs a guest",
            )
