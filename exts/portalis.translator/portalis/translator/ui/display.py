"""Make the wheel `ovui` importable on a desktop or a machine without a screen, or say what it lacks."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# What ovui's libraries take from NVIDIA's driver. Without a GPU the first call answers "no device" and no other is made.
_CUDA_FUNCTIONS = (
    "cuInit",
    "cuDeviceGet",
    "cuCtxCreate_v2",
    "cuCtxDestroy_v2",
    "cuImportExternalMemory",
    "cuExternalMemoryGetMappedBuffer",
    "cuDestroyExternalMemory",
    "cuMemcpyDtoH_v2",
)
_NO_DEVICE = 100
_SOFTWARE_DRIVER = Path("/usr/share/vulkan/icd.d")


class DisplayError(Exception):
    """The window cannot be opened here; the text says what to do."""


def prepare_display(*, headless: bool = False) -> None:
    """Load what `omni.ui` links to, before it is imported. `headless` draws to memory, with Mesa's software driver where it is installed.

    Raises DisplayError where something is missing.
    """
    if importlib.util.find_spec("omni") is None or importlib.util.find_spec("omni.ui") is None:
        raise DisplayError(_no_wheel())
    if headless:
        os.environ["OMNIUI_HEADLESS"] = "1"
        os.environ["OMNIUI_BACKEND"] = "vulkan"
        driver = next(iter(sorted(_SOFTWARE_DRIVER.glob("lvp_icd*.json"))), None)
        if driver is not None:
            os.environ.setdefault("VK_ICD_FILENAMES", str(driver))
    if sys.platform == "linux":
        _require_vulkan()
        _provide_cuda()


def _no_wheel() -> str:
    if sys.version_info[:2] != (3, 12):
        found = f"{sys.version_info.major}.{sys.version_info.minor}"
        return f"the studio needs Python 3.12 (this is {found}): the wheel ovui exists for no other"
    return "the studio needs the wheel ovui: pip install 'portalis-translator[studio]'"


def _require_vulkan() -> None:
    try:
        ctypes.CDLL("libvulkan.so.1")
    except OSError as error:
        remedy = "on Debian: apt-get install libvulkan1 mesa-vulkan-drivers"
        raise DisplayError(f"the studio draws with Vulkan, and libvulkan.so.1 cannot be loaded: {remedy}") from error


def _provide_cuda() -> None:
    """Load NVIDIA's driver library; where there is none, a stand-in, because ovui's libraries name it and would not load without."""
    try:
        ctypes.CDLL("libcuda.so.1", mode=ctypes.RTLD_GLOBAL)
        return
    except OSError:
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise DisplayError("ovui links to NVIDIA's libcuda.so.1, which this machine lacks, and there is no C compiler to make a stand-in")
    with tempfile.TemporaryDirectory(prefix="portalis-") as folder:
        source, library = Path(folder, "cuda.c"), Path(folder, "libcuda.so.1")
        source.write_text("".join(f"int {name}(void) {{ return {_NO_DEVICE}; }}\n" for name in _CUDA_FUNCTIONS))
        command = [compiler, "-shared", "-fPIC", "-Wl,-soname,libcuda.so.1", "-o", str(library), str(source)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise DisplayError(f"a stand-in for libcuda.so.1 could not be made: {done.stderr.strip()}")
        # Once loaded it is found by its name, and the file may go.
        ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
