"""A device that is this machine's processor: it runs the very LLVM text that becomes PTX, thread after thread.

Only what a host lacks is replaced: the target, the address space, and the registers that number threads, which become globals.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from numpy.typing import DTypeLike, NDArray

from portalis.translator.bridge.gpu import Kernel, Language

THREADS_PER_BLOCK = 32
_NUMBERS = ("tid", "ctaid", "ntid")


def host_text(device_text: str) -> str:
    """Turn a device module's LLVM text into one for this machine."""
    text = re.sub(r"^target (datalayout|triple) = .*$", "", device_text, flags=re.MULTILINE)
    text = text.replace("ptx_kernel ", "").replace(" addrspace(1)", "")
    for number in _NUMBERS:
        text = text.replace(f"declare i32 @llvm.nvvm.read.ptx.sreg.{number}.x()", f"@sreg.{number} = global i32 0")
        text = text.replace(f"call i32 @llvm.nvvm.read.ptx.sreg.{number}.x()", f"load i32, ptr @sreg.{number}")
    return f'target triple = "{llvm.get_default_triple()}"\n{text}'


class HostDevice:
    """Implements `bridge.gpu.Device`; where that is given PTX, this is given the text that the PTX was made from."""

    name = "this machine's processor"

    def __init__(self) -> None:
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
        assert language == "ptx"
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
