"""Build the gateway's containers with buildah: `compiler`, with everything to translate, and `thin`, which asks a Triton server.

python scripts/build_containers.py [compiler] [thin] [--output FOLDER]

A root is unpacked from Debian's packages (`server/containers/packages.txt`), without running anything of theirs, and Python's packages are
laid beside it as `requirements.lock` names them. buildah makes an image of both, `localhost/portalis-gateway:NAME`, with chroot isolation,
which also works inside a container. Takes root, apt and pip; `scripts/measure_containers.py` says what came of it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import build_thin

ROOT = Path(__file__).resolve().parents[1]
CONTAINERS = ROOT / "server" / "containers"
IMAGE = "localhost/portalis-gateway"
NAMES = ("compiler", "thin")
# As server/containers/Containerfile says; the compiled files of a build are made there.
_USER = 10001
# What nothing imports that serves: what was compiled elsewhere, tests, what others compile against, converters of the C library's.
_BASE_WITHOUT = (
    "usr/share/doc", "usr/share/man", "usr/share/lintian", "usr/share/ca-certificates", "usr/sbin/update-ca-certificates",
    "usr/lib/x86_64-linux-gnu/gconv", "usr/lib/python3.11/pydoc_data", "usr/lib/python3.11/test", "usr/lib/python3.11/lib2to3",
)  # fmt: skip
_SITE_WITHOUT = ("bin", "include", "share", "**/__pycache__", "**/tests", "**/*.pyi", "**/*.a", "numpy/f2py", "numpy/_core/include")


def main() -> int:
    """Build what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="compiler or thin; both without one")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "build" / "containers", help="the folder of the contexts, which are made anew"
    )
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"`{unknown[0]}` is none of {', '.join(NAMES)}")
    missing = [program for program in ("apt-get", "dpkg-deb", "strip", "buildah") if shutil.which(program) is None]
    if missing or os.geteuid() != 0:
        raise SystemExit(
            f"build_containers: this takes root and {', '.join(missing or ['nothing else'])} (Debian: apt-get install binutils buildah)"
        )
    for name in options.names or NAMES:
        context = options.output / name
        shutil.rmtree(context, ignore_errors=True)
        lay_base(context / "base", options.output / "packages")
        lay_site(context / "site", name)
        (context / "state" / "home").mkdir(parents=True)
        command = ["buildah", "build", "--isolation", "chroot", "--layers=false", "-t", f"{IMAGE}:{name}"]
        _run([*command, "-f", str(CONTAINERS / "Containerfile"), str(context)])
        print(f"built {IMAGE}:{name}")
    return 0


def lay_base(base: Path, packages: Path) -> None:
    """Unpack Debian's packages into a folder, and add what their scripts would have made."""
    packages.mkdir(parents=True, exist_ok=True)
    names = (CONTAINERS / "packages.txt").read_text().split()
    _run(["apt-get", "download", "-q", *names], packages, quiet=True)
    for path in ("usr/bin", "usr/sbin", "usr/lib", "usr/lib64", "etc", "tmp", "proc", "sys", "dev", "run"):
        (base / path).mkdir(parents=True)
    for path in ("bin", "sbin", "lib", "lib64"):
        (base / path).symlink_to(f"usr/{path}")
    for name in names:
        # The newest that was loaded.
        (package,) = sorted(packages.glob(f"{name}_*.deb"))[-1:]
        _run(["dpkg-deb", "-x", str(package), str(base)])
    (base / "tmp").chmod(0o1777)
    (base / "etc" / "passwd").write_text(f"root:x:0:0:::\nportalis:x:{_USER}:{_USER}::/var/lib/portalis/home:\n")
    (base / "etc" / "group").write_text(f"root:x:0:\nportalis:x:{_USER}:\n")
    (base / "etc" / "nsswitch.conf").write_text("hosts: files dns\n")
    certificates = sorted((base / "usr/share/ca-certificates").rglob("*.crt"))
    (base / "etc/ssl/certs/ca-certificates.crt").write_text("".join(path.read_text() for path in certificates))
    _remove(base, _BASE_WITHOUT)


def lay_site(site: Path, name: str) -> None:
    """Install Python's packages into a folder."""
    wheels = site.parent / "wheels"
    wheel = build_thin.build(wheels) if name == "thin" else _whole(wheels)
    asked = ["install", "--quiet", "--disable-pip-version-check", "--no-compile", "--only-binary", ":all:", "--target", str(site)]
    platform = ["--python-version", "3.11", "--implementation", "cp"]
    _run([sys.executable, "-m", "pip", *asked, *platform, "-c", str(ROOT / "requirements.lock"), *requirements(name), str(wheel)])
    _remove(site, _SITE_WITHOUT)
    # Names for debuggers are the larger part of some. What was put into a wheel from elsewhere (`*.libs`) was laid out for its place.
    _run(["strip", "--strip-unneeded", *(str(path) for path in site.rglob("*.so") if not path.parent.name.endswith(".libs"))])


def _remove(folder: Path, patterns: Sequence[str]) -> None:
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def requirements(name: str) -> Sequence[str]:
    """Return what is asked of pip beside the wheel: what answers over HTTP, which the whole has as an extra, and what redis needs with
    Debian's Python: pip asks the one that it runs in, which may be newer."""
    extras: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    return [*(extras["gateway"] if name == "compiler" else []), "async-timeout>=4.0.3"]


def _whole(wheels: Path) -> Path:
    asked = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "-w", str(wheels), str(ROOT)]
    _run([sys.executable, "-m", "pip", *asked])
    return next(wheels.glob("portalis_translator-*.whl"))


def _run(command: Sequence[str], cwd: Path | None = None, *, quiet: bool = False) -> None:
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=quiet, text=True)
    if done.returncode:
        raise SystemExit(f"build_containers: {' '.join(command[:4])} ended with status {done.returncode}\n{done.stderr or ''}")


if __name__ == "__main__":
    sys.exit(main())
