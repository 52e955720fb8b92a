"""What pyproject.toml cannot say: a wheel carries what its modules use and what lies beside the package in a checkout."""

from __future__ import annotations

import shutil
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


setup(cmdclass={"build_py": BuildWithCompanions})
