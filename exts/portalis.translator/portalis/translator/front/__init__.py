"""The front-end: source text to the typed IR, or to diagnostics."""

from portalis.translator.front.assemble.source import lower

__all__ = ["lower"]
