"""Functions of libraries below omni.ui, answered by ours: whatever is loaded later finds them first."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path


def answer(source: str) -> ctypes.CDLL | None:
    """Compile C and have its functions found before all others, by what is not loaded yet; None where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        text, library = Path(folder, "ours.c"), Path(folder, "ours.so")
        text.write_text(source)
        subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(text), "-ldl"], check=True)
        return ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
