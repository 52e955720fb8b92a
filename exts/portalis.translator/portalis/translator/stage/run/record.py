"""Recordings: a digest of everything a run wrote, frame by frame, so that another run can show that it wrote the same bits."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.plan.resolve import Target
from portalis.translator.stage.values import Codec, Rows


class FrameDigest(BaseModel):
    """One frame: where its sample lies, and the SHA-256 of every attribute and value it wrote, in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time_code: float
    sha256: str


class Recording(BaseModel):
    """A run's digests."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    frames: tuple[FrameDigest, ...]

    @classmethod
    def load(cls, path: Path) -> Recording:
        """Read a recording; OSError where there is none, ValueError where the file is something else."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise ValueError(f"{path} is not a recording of a run") from error

    def first_difference(self, other: Recording) -> str | None:
        """Say where another run differs from this one, or return None where it wrote the same bits."""
        for number, (mine, theirs) in enumerate(zip(self.frames, other.frames, strict=False)):
            if mine != theirs:
                return f"frame {number} (time code {mine.time_code:g}) differs from the recording"
        if len(self.frames) != len(other.frames):
            return f"the recording has {len(self.frames)} frames, this run {len(other.frames)}"
        return None


class Recorder:
    """A sink that takes the digest of each frame."""

    def __init__(self) -> None:
        self._time_codes: list[float] = []
        self._digests: list[hashlib._Hash] = []

    def at(self, time_code: float) -> None:
        """Begin a frame; doing so again changes nothing."""
        if not self._time_codes or self._time_codes[-1] != time_code:
            self._time_codes.append(time_code)
            self._digests.append(hashlib.sha256())

    def column(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str], which: Indices, rows: Rows) -> None:
        """Take new values of single-valued attributes."""
        digest = self._digests[-1]
        for index in which.tolist():
            digest.update(targets[index].path.encode())
        if codec.family == "token":
            digest.update("\0".join(strings[index] for index in rows[:, 0].tolist()).encode())
        else:
            digest.update(np.ascontiguousarray(rows).tobytes())

    def array(self, target: Target, codec: Codec, rows: Rows) -> None:
        """Take the new elements of an array attribute."""
        self._digests[-1].update(target.path.encode())
        self._digests[-1].update(np.ascontiguousarray(rows).tobytes())

    def recording(self) -> Recording:
        """Return what was recorded so far."""
        pairs = zip(self._time_codes, self._digests, strict=True)
        return Recording(frames=tuple(FrameDigest(time_code=code, sha256=digest.hexdigest()) for code, digest in pairs))
