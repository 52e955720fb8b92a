"""What CPython says of a call whose arguments do not fit the parameters of a function, in the order in which it looks."""

from __future__ import annotations

from collections.abc import Sequence

from portalis.translator.frontend.calls.binder import Parameters
from portalis.translator.frontend.read.module_scope import ModuleScope


def misfit_message(parameters: Parameters, qualified: str, positional: int, keywords: Sequence[str]) -> str | None:
    """Return the text of the TypeError for so many positional arguments and these keywords; None where they fit."""
    filled = set(parameters.positional[:positional])
    for keyword in keywords:
        if keyword not in parameters.nameable:
            if parameters.named is not None:
                continue
            wrong = [name for name in parameters.positional[: parameters.only_by_position] if name in keywords]
            if wrong:
                return f"{qualified}() got some positional-only arguments passed as keyword arguments: '{', '.join(wrong)}'"
            return f"{qualified}() got an unexpected keyword argument '{keyword}'"
        if keyword in filled:
            return f"{qualified}() got multiple values for argument '{keyword}'"
        filled.add(keyword)
    if positional > len(parameters.positional) and not parameters.variadic:
        by_name = sum(name in filled for name in parameters.only_by_name)
        before, after = too_many(parameters, qualified, by_name, one=positional == 1)
        return before + str(positional) + after
    for kind, names in (("positional", parameters.positional), ("keyword-only", parameters.only_by_name)):
        missing = [f"'{name}'" for name in names if name not in filled and name not in parameters.defaults]
        if missing:
            return f"{qualified}() missing {len(missing)} required {kind} argument{'s' * (len(missing) > 1)}: {_listed(missing)}"
    return None


def too_many(parameters: Parameters, qualified: str, by_name: int, *, one: bool) -> tuple[str, str]:
    """Return what CPython says before and after the number of positional arguments, of which there are too many.

    `by_name` keyword-only parameters have one; `one`: there is one argument, for a function that takes none.
    """
    most = len(parameters.positional)
    least = most - sum(name in parameters.defaults for name in parameters.positional)
    takes = f"from {least} to {most}" if least < most else str(most)
    before = f"{qualified}() takes {takes} positional argument{'' if takes == '1' else 's'} but "
    if not by_name:
        return before, " was given" if one else " were given"
    return before, f" positional argument{'' if one else 's'} (and {by_name} keyword-only argument{'s' * (by_name > 1)}) were given"


def qualified_name(scope: ModuleScope, name: str) -> str:
    """Return what CPython calls a function: where it is defined, and its name."""
    if name in scope.inner:
        return scope.inner[name].qualified
    owner, dot, method = name.partition(".")
    return f"{scope.inner_classes.shown(owner)}{dot}{method}"


def _listed(names: Sequence[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"
