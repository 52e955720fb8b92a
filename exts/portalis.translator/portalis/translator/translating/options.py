"""How to translate: what a caller may choose."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """How to translate. `timeout` bounds the whole build, in seconds; `opt` is how hard lanes and kernels are optimised.

    A scalar module, whose code runs once a call, is built by the small pipeline (`backends/llvm/machine.py`), or by none where `opt` is 0;
    where loops nest deeply (`backends/llvm/loops.py`) its own functions are built by LLVM's.

    `typed` says that whoever runs this typed the source: then it may share an oracle with others that were. A source that may have come
    from elsewhere, such as with a stage, gets one of its own. `in_process` is for hosts that have no Python to start processes with: then
    nothing confines what runs, nor on systems that cannot fork.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cases: int = 256
    seed: int = 0
    opt: Literal[0, 1, 2, 3] = 3
    simd: bool = True
    verify: bool = True
    rust: bool = False
    in_process: bool = False
    typed: bool = False
    timeout: float = 120.0
