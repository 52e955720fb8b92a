"""What is wrong with a stage, as data: the counterpart of a diagnostic for things that live in USD instead of Python source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from portalis.translator.diagnostics import Diagnostic

Severity: TypeAlias = Literal["error", "warning"]

# The catalogue: every code that this room uses, and what it is about in one sentence.
CODES: dict[str, str] = {
    "PS100": "The schemas of Portalis are not registered, or were asked for too late.",
    "PS101": "A prim or attribute that is named does not exist.",
    "PS102": "Nothing can be authored here: the layer is locked, or the edit target cannot reach the prim.",
    "PS103": "The prim is inside an instance, where nothing can be authored or written.",
    "PS104": "The instance name of a binding is not usable.",
    "PS110": "A module prim is missing, has no source, or its source does not match its recorded hash.",
    "PS111": "The source of a module was refused by the translator.",
    "PS112": "A module prim would be lost when the asset is referenced, because it is not below the default prim.",
    "PS120": "An input has no value: nothing connects to it, and it has no default.",
    "PS121": "An input or output is authored that the behaviour does not have.",
    "PS122": "The type of an attribute does not fit the behaviour's parameter or result.",
    "PS123": "Several attributes are connected where one is expected.",
    "PS130": "An attribute may not be written by behaviours.",
    "PS131": "Two bindings write one attribute.",
    "PS132": "Behaviours read one another's results in a cycle.",
    "PS133": "A behaviour reads a result that is computed later in the frame.",
    "PS134": "The transform of a dynamic rigid body belongs to the physics simulation.",
    "PS135": "A binding writes nothing.",
    "PS136": "A stronger opinion hides what behaviours write.",
    "PS140": "The lengths of a crowd's arrays differ.",
    "PS150": "The code came with the stage and nobody approved it.",
    "PS170": "A stage cannot be opened.",
    "PS160": "A value does not fit the attribute it should be written to.",
}


@dataclass(frozen=True, slots=True)
class StageProblem:
    """One thing wrong with a stage: `path` is the prim or property it is about, `help` what to do instead.

    Where the reason is a refusal of the translator, `diagnostics` holds it.
    """

    code: str
    message: str
    path: str
    help: str = ""
    severity: Severity = "error"
    diagnostics: tuple[Diagnostic, ...] = ()

    def __str__(self) -> str:
        reasons = [f"      {item.span}: {item.code}: {item.message}" for item in self.diagnostics]
        help_ = [f"      = help: {self.help}"] if self.help else []
        return "\n".join((f"{self.path}: {self.code}: {self.message}", *reasons, *help_))


class StageError(Exception):
    """An operation on a stage was refused; `problems` holds every reason."""

    def __init__(self, *problems: StageProblem) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))
