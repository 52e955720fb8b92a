"""Error sites: what can end a call, numbered the same way for every back-end and the host.

At run time an error is one 32-bit word: the site's number (from 1; 0 means no error) in the low 16 bits and, where the site lies in
`library/`, the number of the user's call in the high 16 bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from portalis.translator.ir.nodes import Function, MessageForm, Node, Program, walk_function
from portalis.translator.ir.recursion import DEEPER, RECURSION
from portalis.translator.source import Span

MAX_SITES = 0xFFFF
# The word of a lane that used up what it may run where no engine counts: no site has the number 0.
OUT_OF_FUEL = 0xFFFF << 16
SiteKey: TypeAlias = tuple[str, str, str | None, Span, str]


@dataclass(frozen=True, slots=True)
class ErrorSite:
    """One place that can end a call.

    `kind` is "exception" (`name` is its class, `message` its text or None), "guard" (`name` is the reason) or "call" (a call from user code
    into the library; it only lends its span). Where `form` is none of a constant, the text comes with the error.
    """

    kind: Literal["exception", "guard", "call"]
    name: str
    message: str | None
    span: Span
    form: MessageForm = "constant"

    @property
    def key(self) -> SiteKey:
        return (self.kind, self.name, self.message, self.span, self.form)


def site_of(node: Node) -> ErrorSite | None:
    """Return the error site that a node is by itself, or None where it cannot end a call or ends it as another did."""
    ending = node.ending()
    return None if ending is None or ending.kind == "again" else ErrorSite(ending.kind, ending.name, ending.message, node.span, ending.form)


def recursion_site(function: Function) -> ErrorSite:
    """Return the site that ends a call of a recursive function that nests too deeply."""
    return ErrorSite("guard", DEEPER, None, function.span) if function.deep else ErrorSite("exception", *RECURSION, function.span)


def error_sites(program: Program) -> tuple[ErrorSite, ...]:
    """List a program's error sites; a site's number is its index plus one."""
    sites: dict[SiteKey, ErrorSite] = {}
    library = {function.name for function in program.functions if function.library}
    for function in program.functions:
        for site in _library_sites(function) if function.library else _sites(function):
            if site.kind != "call" or (not function.library and site.name in library):
                sites.setdefault(site.key, site)
    return tuple(sites.values())


def _sites(function: Function) -> tuple[ErrorSite, ...]:
    """List the sites of one function, every call among them."""
    sites = [site for node in walk_function(function) if (site := site_of(node)) is not None]
    if function.recursive:
        sites.append(recursion_site(function))
    return tuple(sites)


# Functions of the library live as long as the process and come with program after program.
_library_sites = lru_cache(maxsize=1024)(_sites)
