"""A device that is this machine's processor: it runs the very LLVM text that PTX is written from, and CUDA sources, thread after thread.

Only what a host lacks is replaced: the target, the address space, and the registers that number threads, which become globals; in CUDA the
words that say where code runs, and atomic operations, which one thread at a time does not need.
"""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from numpy.typing import DTypeLike, NDArray

from portalis.translator.bridge.gpu import Kernel, Language

THREADS_PER_BLOCK = 32
_NUMBERS = ("tid", "ctaid", "ntid")
CXX = shutil.which("c++") or shutil.which("g++")
_CUDA_ON_HOST = """
#define __CUDACC__ 1
#define __device__
#define __global__
struct Size { unsigned x; };
extern "C" { Size threadIdx, blockIdx, blockDim, gridDim; }
template <typename Word> void atomicAdd(Word *place, Word value) { *place += value; }
template <typename Word> void atomicMax(Word *place, Word value) { *place = *place > value ? *place : value; }
template <typename Word> void atomicMin(Word *place, Word value) { *place = *place < value ? *place : value; }
"""


def host_text(device_text: str) -> str:
    """Turn a device module's LLVM text into one for this machine."""
    text = re.sub(r"^target (datalayout|triple) = .*$", "", device_text, flags=re.MULTILINE)
    text = text.replace("ptx_kernel ", "").replace(" addrspace(1)", "")
    text = re.sub(r"^declare .*@llvm\.nvvm\.read\.ptx\.sreg\.(\w+)\.x\(\).*$", r"@sreg.\1 = global i32 0", text, flags=re.MULTILINE)
    text = re.sub(
        r"= (?:tail )?call .*@llvm\.nvvm\.read\.ptx\.sreg\.(\w+)\.x\(\).*$", r"= load i32, ptr @sreg.\1", text, flags=re.MULTILINE
    )
    return f'target triple = "{llvm.get_default_triple()}"\n{text}'


class HostDevice:
    """Implements `bridge.gpu.Device`; `texts` gives the LLVM text that each PTX was written from; what is not there is such a text."""

    name = "this machine's processor"

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self._texts = texts or {}
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self._engines: list[Any] = []

    def allocate(self, length: int, dtype: DTypeLike) -> NDArray[Any]:
        array = np.empty(max(length, 1), dtype)
        # What nobody wrote is to show.
        array.view(np.uint8)[:] = 0xA5
        return array

    def write(self, target: NDArray[Any], values: NDArray[Any]) -> None:
        target[: len(values)] = values

    def read(self, source: NDArray[Any], length: int) -> NDArray[Any]:
        return source[:length].copy()

    def kernel(self, source: str, language: Language, name: str) -> Kernel:
        return self._cuda_kernel(source, name) if language == "cuda" else self._lane_kernel(self._texts.get(source, source), name)

    def _cuda_kernel(self, source: str, name: str) -> Kernel:
        assert CXX is not None
        with tempfile.TemporaryDirectory() as folder:
            text, library = Path(folder) / "kernel.cpp", Path(folder) / "kernel.so"
            text.write_text(_CUDA_ON_HOST + source, encoding="utf-8")
            subprocess.run([CXX, "-std=c++17", "-O1", "-shared", "-fPIC", "-o", str(library), str(text)], check=True, timeout=120)
            loaded = ctypes.CDLL(str(library))
        function = loaded[name]
        thread, block, threads, blocks = (ctypes.c_uint32.in_dll(loaded, item) for item in ("threadIdx", "blockIdx", "blockDim", "gridDim"))

        def launch(count: int, arguments: Sequence[Any]) -> None:
            values = [
                ctypes.c_void_p(item.ctypes.data) if isinstance(item, np.ndarray) else ctypes.c_uint64(int(item)) for item in arguments
            ]
            threads.value, blocks.value = THREADS_PER_BLOCK, -(-count // THREADS_PER_BLOCK)
            for block.value in range(blocks.value):
                for thread.value in range(THREADS_PER_BLOCK):
                    function(*values)

        return launch

    def _lane_kernel(self, source: str, name: str) -> Kernel:
        machine = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=2, jit=True
        )
        module = llvm.parse_assembly(host_text(source))
        module.verify()
        builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(2))
        builder.getModulePassManager().run(module, builder)
        engine = llvm.create_mcjit_compiler(module, machine)
        self._engines.append(engine)
        engine.finalize_object()
        numbers = {number: ctypes.c_uint32.from_address(engine.get_global_value_address(f"sreg.{number}")) for number in _NUMBERS}
        address = engine.get_function_address(name)

        def launch(threads: int, arguments: Sequence[Any]) -> None:
            values = [item.ctypes.data if isinstance(item, np.ndarray) else int(item) for item in arguments]
            kinds = [ctypes.c_void_p if isinstance(item, np.ndarray) else ctypes.c_uint32 for item in arguments]
            function = ctypes.CFUNCTYPE(None, *kinds)(address)
            numbers["ntid"].value = THREADS_PER_BLOCK
            for thread in range(-(-threads // THREADS_PER_BLOCK) * THREADS_PER_BLOCK):
                numbers["ctaid"].value, numbers["tid"].value = divmod(thread, THREADS_PER_BLOCK)
                function(*values)

        return launch
