"""GPUs, through cupy: the only module that knows it. What uses a GPU takes a `Device`, and is told where there is none."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array: TypeAlias = NDArray[Any]
# Runs a kernel on a one-dimensional grid of at least so many threads. An argument is an array of the device or a numpy scalar.
Kernel: TypeAlias = Callable[[int, Sequence[Any]], None]
Language: TypeAlias = Literal["ptx", "cuda"]
# Hopper, which the PTX is made for.
COMPUTE_CAPABILITY = 90
_THREADS_PER_BLOCK = 128


class Device(Protocol):
    """Memory and kernels of one device. What is started on it runs in order; `read` waits for it."""

    @property
    def name(self) -> str:
        """What the device is called."""
        ...

    def allocate(self, length: int, dtype: DTypeLike) -> Any:
        """Return an array in the device's memory; its elements are undefined."""
        ...

    def write(self, target: Any, values: Array) -> None:
        """Copy to the first elements of an array of the device."""
        ...

    def read(self, source: Any, length: int) -> Array:
        """Copy the first elements of an array of the device."""
        ...

    def kernel(self, source: str, language: Language, name: str) -> Kernel:
        """Load the kernel `name` of a module's source."""
        ...


@dataclass(frozen=True, slots=True)
class NoGpu:
    """Why there is no GPU to use."""

    reason: str


@functools.cache
def find_gpu() -> Device | NoGpu:
    """Return the current CUDA device, or why none can be used; looks once per process."""
    try:
        import cupy
    except ImportError as error:
        return NoGpu(f"cupy cannot be imported ({error}); `pip install cupy-cuda13x[ctk]` where there is an NVIDIA driver")
    try:
        capability = int(cupy.cuda.Device().compute_capability)
    except cupy.cuda.runtime.CUDARuntimeError as error:
        return NoGpu(f"CUDA finds no device: {error}")
    if capability < COMPUTE_CAPABILITY:
        return NoGpu(f"the device has compute capability {capability / 10}; kernels are made for {COMPUTE_CAPABILITY / 10}")
    return _CudaDevice(cupy)


class _CudaDevice:
    """The current CUDA device."""

    def __init__(self, cupy: Any) -> None:
        self._cupy = cupy

    @property
    def name(self) -> str:
        properties = self._cupy.cuda.runtime.getDeviceProperties(self._cupy.cuda.Device().id)
        return str(properties["name"].decode())

    def allocate(self, length: int, dtype: DTypeLike) -> Any:
        return self._cupy.empty(length, dtype)

    def write(self, target: Any, values: Array) -> None:
        target[: len(values)].set(np.ascontiguousarray(values))

    def read(self, source: Any, length: int) -> Array:
        values: Array = self._cupy.asnumpy(source[:length])
        return values

    def kernel(self, source: str, language: Language, name: str) -> Kernel:
        if language == "cuda":
            function = self._cupy.RawModule(code=source).get_function(name)
        else:
            # cupy takes PTX from a file only, which it reads when a kernel is compiled.
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "module.ptx"
                path.write_text(source, encoding="ascii")
                function = self._cupy.RawModule(path=str(path)).get_function(name)
                function.compile()

        def launch(threads: int, arguments: Sequence[Any]) -> None:
            blocks = -(-threads // _THREADS_PER_BLOCK)
            if blocks:
                function((blocks,), (_THREADS_PER_BLOCK,), tuple(arguments))

        return launch
