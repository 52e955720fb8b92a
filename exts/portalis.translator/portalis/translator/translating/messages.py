"""What is asked of the judge and what it answers, for each kind of job: nothing of what does the work is imported here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from portalis.translator.diagnostics import Diagnostic
from portalis.translator.ir.errors import ErrorSite
from portalis.translator.source import Span
from portalis.translator.translating.interface import Interface
from portalis.translator.verify.report import Report
from portalis.translator.work.confine import Protections

if TYPE_CHECKING:
    # A judge needs no options, nor what they are checked with.
    from portalis.translator.translating.options import Options

_AS_JSON = {"extra": "forbid", "ser_json_bytes": "base64", "val_json_bytes": "base64"}


@dataclass(frozen=True)
class LibraryRequest:
    """Use these objects of the library, a bundle (`library_objects.py`), instead of compiling them."""

    bundle: bytes


@dataclass(frozen=True)
class LibraryAnswer:
    """Whether the bundle can be used."""

    usable: bool


@dataclass(frozen=True)
class BuildSettings:
    """The part of `Options` that says what a module is like and how it is verified."""

    cases: int
    seed: int
    opt: Literal[0, 1, 2, 3]
    simd: bool
    verify: bool

    @classmethod
    def of(cls, options: Options) -> BuildSettings:
        """Take them from the options."""
        return cls(options.cases, options.seed, options.opt, options.simd, options.verify)


@dataclass(frozen=True)
class RustArtefact:
    """The module that rustc made of the crate, or why there is none: compilers are started by the host, never by a judge."""

    wasm: bytes = b""
    why_not: str = ""


@dataclass(frozen=True)
class BuildRequest:
    """Build and verify a program; `lowered` is pickled (`transport.py`)."""

    lowered: bytes
    settings: BuildSettings
    rust: RustArtefact | None = None


@dataclass(frozen=True)
class Build:
    """The module, what can end a call of it, the verdict (or the line and text of what CPython raised when it imported the user's module),
    and seconds per stage."""

    wasm: bytes
    llvm: str
    sites: tuple[ErrorSite, ...]
    report: Report | None
    seconds: dict[str, float]
    import_failure: tuple[int, str] | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = _AS_JSON

    def with_protections(self, protections: Iterable[Protections | None]) -> Build:
        """Return the build with what its host knows of the processes that took part."""
        known = [item for item in protections if item is not None]
        return replace(self, report=self.report and self.report.with_protections(known))

    def without_circumstances(self) -> Build:
        """Return what is the same wherever and whenever the same source is built: neither seconds nor processes."""
        return replace(self, seconds={}, report=self.report and replace(self.report, seconds=0.0, protections=()))


@dataclass(frozen=True)
class LaneRequest:
    """Build the lane module of an entry and hold it to the scalar module that was verified."""

    lowered: bytes
    entry: str
    uniform: tuple[str, ...]
    settings: BuildSettings
    scalar_wasm: bytes
    scalar_sites: tuple[ErrorSite, ...]


@dataclass(frozen=True)
class LaneBuild:
    """The module, its error sites, whether it has a fast body (or why not), and how many lanes were compared."""

    wasm: bytes
    sites: tuple[ErrorSite, ...]
    fast: bool
    why_not_fast: str
    lanes_compared: int
    difference: str


@dataclass(frozen=True)
class KernelRequest:
    """Compile all entries of a behaviour to PTX; the inputs named in `uniform` are shared by all lanes."""

    lowered: bytes
    uniform: tuple[str, ...]
    opt: Literal[0, 1, 2, 3]


@dataclass(frozen=True)
class KernelBuild:
    """Kernels for all entries, the LLVM text they were written from, their error sites; or why there are none."""

    ptx: str = ""
    llvm: str = ""
    sites: tuple[ErrorSite, ...] = ()
    refused: str = ""
    refused_at: Span | None = None


@dataclass(frozen=True)
class TextRequest:
    """Lower, build and verify a source that came from somewhere else; `rust` says that the crate was asked for as well, `references` is as
    `translate` has it, `texts` asks for what a reader is shown."""

    source: str
    path: str
    function: str | None
    examples: tuple[str, ...]
    settings: BuildSettings
    rust: bool
    references: bool
    texts: bool = False


@dataclass(frozen=True)
class Texts:
    """A translation as text: the crate's `lib.rs`, or why there is none, and the module."""

    rust: str
    why_no_rust: str
    wat: str

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@dataclass(frozen=True)
class TextAnswer:
    """The build, how its module is called and the texts that were asked for, or why the source is refused."""

    build: Build | None
    interface: Interface | None
    diagnostics: tuple[Diagnostic, ...]
    texts: Texts | None = None
