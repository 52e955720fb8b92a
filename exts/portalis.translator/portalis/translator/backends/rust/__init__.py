"""Typed IR to a Rust crate, and such a crate to WebAssembly by rustc."""

from portalis.translator.backends.rust.cases import KnownCase
from portalis.translator.backends.rust.crate import Crate, Tests, emit_crate, emit_program
from portalis.translator.backends.rust.prepare import prepare
from portalis.translator.backends.rust.rustc import (
    Member,
    Rustc,
    RustcError,
    all_rustc,
    compile_crate,
    compile_members,
    compile_programs,
    export_of,
    find_rustc,
    member,
)
from portalis.translator.backends.rust.type_names import NotInRust

__all__ = [
    "Crate",
    "KnownCase",
    "Member",
    "NotInRust",
    "Rustc",
    "RustcError",
    "Tests",
    "all_rustc",
    "compile_crate",
    "compile_members",
    "compile_programs",
    "emit_crate",
    "emit_program",
    "export_of",
    "find_rustc",
    "member",
    "prepare",
]
