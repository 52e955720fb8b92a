"""What pyproject.toml cannot say: a wheel carries what its modules use, what lies beside the package in a checkout, and objects compiled
of its library."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
COMPANIONS = ("schemas", "demos", "benchmarks", "kernels", "server")
# What measures against the tests' references has nothing to measure against without them.
LEFT_OUT = ("__pycache__", "out", "library_accuracy.py")


class BuildWithCompanions(build_py):
    """Copy the companions into the package, where its modules look for them as they do in a checkout: in a folder above themselves."""

    def run(self) -> None:
        """Build as always; an editable installation uses the checkout itself."""
        super().run()
        if self.editable_mode:
            return
        for name in COMPANIONS:
            target = Path(self.build_lib) / "portalis" / "translator" / name
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(HERE / name, target, ignore=shutil.ignore_patterns(*LEFT_OUT))
        self._compile_library()

    def _compile_library(self) -> None:
        """Compile the library in a process of its own. Where that cannot be done here, the first use of the package does it."""
        program = (
            "from portalis.translator.translating.library_objects import compile_library, latest_bundle, shipped_bundle, write_shipped;"
            "write_shipped(shipped_bundle(), compile_library(latest_bundle()))"
        )
        environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(Path(self.build_lib).resolve()), *filter(None, sys.path)))}
        done = subprocess.run([sys.executable, "-c", program], env=environment, stdin=subprocess.DEVNULL)
        if done.returncode:
            self.warn("the library was not compiled ahead: is llvmlite installed?")


setup(cmdclass={"build_py": BuildWithCompanions})
