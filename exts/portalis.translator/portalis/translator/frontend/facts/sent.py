"""What is sent into the generators of a specialisation, known as if it were a field: it grows over the rounds, from the None of `next`."""

from __future__ import annotations

from portalis.translator.frontend.facts.sites import Sites
from portalis.translator.ir.types import NONE, Type

# Before the name of a specialisation, among the classes whose fields are known.
_SENT = "sent into "
_VALUE = "value"


def send(sites: Sites, maker: str, type_: Type) -> Type | None:
    """Record that values of a type are sent; return what is sent altogether, with the None of `next`; None where that cannot be."""
    name = f"{_SENT}{maker}"
    return None if sites.stored(name, _VALUE, NONE) is None else sites.stored(name, _VALUE, type_)


def sent_into(sites: Sites, maker: str) -> Type:
    """Return what is sent as far as that is known: None where `next` alone is asked."""
    return sites.held(f"{_SENT}{maker}", _VALUE) or NONE


def await_sent(sites: Sites, maker: str) -> None:
    """Let another round follow, in which it is known what is sent."""
    sites.fields.setdefault(f"{_SENT}{maker}", {})


def is_class(name: str) -> bool:
    """Tell whether what `Sites.fields` has under a name are the fields of a class."""
    return not name.startswith(_SENT)
