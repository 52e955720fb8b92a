"""What a user is told: diagnostics as data, the one place that renders them, and the page of each code."""

from portalis.translator.diagnostics.diagnostic import Diagnostic, GuardError, TranslationError, render

__all__ = ["Diagnostic", "GuardError", "TranslationError", "render"]
