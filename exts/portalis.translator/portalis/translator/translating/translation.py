"""A finished translation: callable like the function that it was made from, its text forms made when asked for."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portalis.translator.backends.llvm import disassemble
from portalis.translator.backends.rust import Crate, emit_crate
from portalis.translator.bridge import Budget, ScalarModule, compile_once
from portalis.translator.calling.executable import Executable
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.translating.build import Build
from portalis.translator.translating.kernels import build_kernels
from portalis.translator.translating.options import Options
from portalis.translator.verify.report import Report


@dataclass(frozen=True)
class Translation:
    """A translated function or behaviour class. Call it like the function; its text forms are made when asked for."""

    lowered: Lowered
    options: Options
    build: Build

    def __repr__(self) -> str:
        """Return one line: a session should not be flooded with the program's tree."""
        return f"<Translation of {self.signature}: {self.report.artefact('wasm').status if self.report else 'not verified'}>"

    @property
    def signature(self) -> str:
        """The entry's signature as text."""
        return self.lowered.signature

    @property
    def wasm(self) -> bytes:
        """A self-contained module without imports; its entries are described in `ir/abi.py`."""
        return self.build.wasm

    @property
    def report(self) -> Report | None:
        """What verification found; None where it was not asked for."""
        return self.build.report

    @functools.cached_property
    def llvm(self) -> str:
        """The LLVM IR that the module was made from."""
        return self.build.llvm

    @functools.cached_property
    def wat(self) -> str:
        """The module as WebAssembly text."""
        return disassemble(self.wasm)

    @functools.cached_property
    def ptx(self) -> str:
        """A behaviour's lanes as kernels for NVIDIA GPUs, one an entry (`backends/llvm/ptx.py`); TranslationError where it has none."""
        return build_kernels(self.lowered, self.options).ptx

    @functools.cached_property
    def crate(self) -> Crate:
        """The Rust crate: a dictionary of files."""
        return emit_crate(self.lowered)

    @property
    def rust(self) -> str:
        """The crate's lib.rs."""
        return self.crate.lib

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run in the sandbox with Python values; arguments change and exceptions rise as in CPython.

        Raises GuardError where a value leaves the typed world, and the bridge's GuestStop where the budget ends the call.
        """
        if self.lowered.kind != "function":
            raise TypeError(f"{self.lowered.name} is a behaviour class: bind it to prims, a host calls its methods")
        outcome = self._executable.run(self._bind(*args, **kwargs))
        if outcome.error is not None:
            raise outcome.error
        return outcome.value

    @functools.cached_property
    def _bind(self) -> Callable[..., list[Any]]:
        return make_binder(self.lowered)

    @functools.cached_property
    def _executable(self) -> Executable:
        program = self.lowered.program
        module = ScalarModule(compile_once(self.wasm), Budget())
        return Executable(program, program.function(program.entry), self.build.sites, functools.partial(module.call, "call"))


def make_binder(lowered: Lowered) -> Callable[..., list[Any]]:
    """Make a function with the entry's parameters that returns its arguments in order: CPython itself binds them, or raises TypeError."""
    defaults = {item.name: item.default for item in lowered.parameters if item.has_default}
    parts: list[str] = []
    passed = "by position"
    for item in lowered.parameters:
        if passed == "by position" != item.passed and parts:
            parts.append("/")
        if passed != "by name" == item.passed:
            parts.append("*")
        passed = item.passed
        parts.append(f"{item.name}=defaults[{item.name!r}]" if item.has_default else item.name)
    if passed == "by position" and parts:
        parts.append("/")
    namespace: dict[str, Any] = {"defaults": defaults}
    names = ", ".join(item.name for item in lowered.parameters)
    exec(f"def {lowered.name}({', '.join(parts)}):\n    return [{names}]\n", namespace)
    binder: Callable[..., list[Any]] = namespace[lowered.name]
    return binder
