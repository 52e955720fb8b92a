"""Who trusts what: approvals live in the user's own settings, and nothing in a stage can approve itself.

An approval is for a module's source and the attributes that it may write, each with its prim: approved code that is pointed at another prim
asks again, code that is bound to fewer prims does not. What a crowd writes is an array of one prim, whose length is nobody's question. Each
approval carries a message authentication code under a key that only this user's settings hold, so that a file which something else wrote
there approves nothing.
"""

from __future__ import annotations

import contextlib
import fnmatch
import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from portalis.translator.private.host_key import UnsafeFile, derive_key, host_key, private_folder, require_own_folder
from portalis.translator.saving import claimed, replace_file
from portalis.translator.stage.plan.modules import ModuleSource
from portalis.translator.stage.problems import StageError, StageProblem

SETTINGS_VARIABLE = "PORTALIS_CONFIG"
# As many prims are named where code is shown to somebody.
_NAMED = 3


def settings_folder() -> Path:
    """Return the folder of the user's own settings; the environment variable PORTALIS_CONFIG overrides it."""
    override = os.environ.get(SETTINGS_VARIABLE)
    return Path(override) if override else Path(platformdirs.user_config_dir("portalis", appauthor=False))


def described(writes: Sequence[str]) -> str:
    """Say which attributes paths name, for people: `xformOp:translate of /World/A, /World/B, /World/C and 2 more prims`."""
    prims: dict[str, list[str]] = {}
    for path in sorted(set(writes)):
        prim, _, name = path.partition(".")
        prims.setdefault(name, []).append(prim)
    said = []
    for name, owners in prims.items():
        more = len(owners) - _NAMED
        said.append(f"{name} of {', '.join(owners[:_NAMED])}" + (f" and {more:,} more prim{'s' if more > 1 else ''}" if more > 0 else ""))
    return "; ".join(said) or "nothing"


@contextlib.contextmanager
def _safe(folder: Path) -> Iterator[None]:
    """Within the block, use the settings in `folder`; a `StageError` where somebody else could have written them."""
    try:
        require_own_folder(folder)
        yield
    except UnsafeFile as error:
        help_ = f"make the folder yours alone (chmod 700 {folder}), or set {SETTINGS_VARIABLE} to another one"
        raise StageError(StageProblem("PS151", f"your settings cannot be relied on: {error}", str(folder), help_)) from error


@dataclass(frozen=True, slots=True)
class Approvals:
    """The approvals kept in `folder`; a `StageError` where others could write to it."""

    folder: Path

    def require_safe(self) -> None:
        """Raise a `StageError` where others could write approvals."""
        with _safe(self.folder):
            pass

    def approve(self, sha256: str, writes: Sequence[str]) -> None:
        """Remember that the user approves the source with this SHA-256 writing the attributes at these paths."""
        with _safe(self.folder):
            private_folder(self.folder)
            with claimed(self._file, wait=True):
                self._add(sha256, writes)

    def _add(self, sha256: str, writes: Sequence[str]) -> None:
        records = self._read()
        record = {"sha256": sha256, "writes": sorted(set(writes))}
        records[self._name(sha256, writes)] = {**record, "mac": self._mac(sha256, writes)}
        self._write(json.dumps(records, indent=1, sort_keys=True).encode())

    def approved(self, sha256: str, writes: Sequence[str]) -> bool:
        """Tell whether authentic approvals of the source, taken together, cover every path in `writes`."""
        covered: set[str] = set()
        known = False
        with _safe(self.folder):
            for record in self._read().values():
                with contextlib.suppress(KeyError, TypeError):
                    paths = [str(path) for path in record["writes"]]
                    if record["sha256"] == sha256 and hmac.compare_digest(str(record["mac"]), self._mac(sha256, paths)):
                        known = True
                        covered.update(paths)
        return known and covered.issuperset(writes)

    def count(self) -> int:
        """Return how many approvals are kept."""
        return len(self._read())

    def forget(self) -> None:
        """Keep none of them: all code that came with a stage asks again."""
        with _safe(self.folder):
            private_folder(self.folder)
            with claimed(self._file, wait=True):
                self._write(b"{}")

    @property
    def _file(self) -> Path:
        return self.folder / "approvals.json"

    def _read(self) -> dict[str, Any]:
        try:
            records = json.loads(self._file.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return records if isinstance(records, dict) else {}

    def _mac(self, sha256: str, writes: Sequence[str]) -> str:
        message = json.dumps([sha256, sorted(set(writes))]).encode()
        return hmac.new(derive_key(host_key(self.folder), "approvals"), message, hashlib.sha256).hexdigest()

    @staticmethod
    def _name(sha256: str, writes: Sequence[str]) -> str:
        return hashlib.sha256(json.dumps([sha256, sorted(set(writes))]).encode()).hexdigest()[:16]

    def _write(self, content: bytes) -> None:
        # A torn file would be an empty list of approvals.
        replace_file(self._file, content, mode=0o600)


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """What may run without asking: approved code, and code that matches one of `patterns`.

    A pattern is a shell wildcard, held against the module's prim path, its SHA-256 and the identifier of the layer that it came from.
    """

    approvals: Approvals
    patterns: tuple[str, ...] = ()

    def problem(self, module: ModuleSource, writes: Sequence[str]) -> StageProblem | None:
        """Say that `module` may not run while it writes the attributes at the paths `writes`, or return None."""
        names = (module.path, module.sha256, module.origin)
        if any(fnmatch.fnmatchcase(name, pattern) for name in names for pattern in self.patterns):
            return None
        try:
            if self.approvals.approved(module.sha256, writes):
                return None
        except StageError as error:
            return error.problems[0]
        message = f"this code came with the stage and nobody approved that it writes {described(writes)}"
        help_ = f"read it, then run again with --trust {module.path} or --trust {module.sha256[:12]}*"
        return StageProblem("PS150", message, module.path, help_)


def default_policy(patterns: Sequence[str] = ()) -> TrustPolicy:
    """Return the policy of the user who runs this process."""
    return TrustPolicy(Approvals(settings_folder()), tuple(patterns))
