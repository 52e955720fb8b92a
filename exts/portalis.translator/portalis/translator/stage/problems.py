"""What is wrong with a stage, as data: the counterpart of a diagnostic for things that live in USD instead of Python source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from portalis.translator.diagnostics import Diagnostic
from portalis.translator.source import visible_line

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class StageCode:
    """What a code is about, in one sentence, and what to do."""

    title: str
    remedy: str


# The catalogue: every code that this room uses.
CODES: dict[str, StageCode] = {
    "PS100": StageCode(
        "The schemas of Portalis are not registered, or were asked for too late.",
        "OpenUSD reads schemas once, when the first stage of a process is opened: call register_schemas() before that, or start the "
        "program with PXR_PLUGINPATH_NAME set to the folder that `portalis doctor` names. Where it names none, reinstall.",
    ),
    "PS101": StageCode(
        "A prim or attribute that is named does not exist.",
        "Prim paths begin with / and name a prim of the composed stage; a pattern is quoted, '/World/Ball*'. An attribute is named as on "
        "the prim (velocity, xformOp:rotateZ), or by its path where another prim has it (/World/Wind.speed).",
    ),
    "PS102": StageCode(
        "Nothing can be authored here: the layer is locked, or the edit target cannot reach the prim.",
        "Unlock the layer, choose the root layer as edit target, or author into a layer over the stage: portalis bind … -o LAYER.usda.",
    ),
    "PS103": StageCode(
        "The prim is inside an instance, where nothing can be authored or written.",
        "Bind the instance itself or its prototype, or set instanceable = false on the instance.",
    ),
    "PS104": StageCode(
        "The instance name of a binding is not usable.",
        "Choose another with --name: letters, digits and _, and not the name of one of the schema's own properties.",
    ),
    "PS105": StageCode(
        "The prim is not part of what OpenUSD shows: it is inactive, abstract, undefined or not loaded.",
        "Activate the prim, load its payload, define it (def instead of over or class), or bind a prim that inherits from it.",
    ),
    "PS106": StageCode(
        "There is no binding here, or none of that name.",
        "`portalis list STAGE` shows every binding with its prim and name; quote patterns, and give the name with --name.",
    ),
    "PS110": StageCode(
        "A module prim is missing, has no source, or its source does not match its recorded hash.",
        "Bind again from the Python file. A source that was edited in the layer needs its new hash in portalis:sourceSha256, or none.",
    ),
    "PS111": StageCode(
        "The source of a module was refused by the translator.",
        "The reasons stand below it, each with its line; correct the Python file and bind again. `portalis translate FILE` shows the same.",
    ),
    "PS112": StageCode(
        "A module prim would be lost when the asset is referenced, because it is not below the default prim.",
        "Give the stage a default prim before binding (defaultPrim in the layer's metadata), or move the module below it.",
    ),
    "PS113": StageCode(
        "The code was verified weakly: few of the cases tried ended in an answer to compare with CPython's, or few branches were taken.",
        "What was compared agrees, and says little of the rest. `portalis translate FILE --cases N` tries more cases; look at loops that "
        "nearly always go beyond the budget, at branches that hardly any input takes, and at exceptions for most inputs.",
    ),
    "PS120": StageCode(
        "An input has no value, or a result has no place: nothing connects to it, and it has no default.",
        "Say what it is with --input NAME=ATTRIBUTE, --input NAME=VALUE or --output NAME=ATTRIBUTE, give the parameter a default, or add "
        "an attribute of that name to the prim.",
    ),
    "PS121": StageCode(
        "An input or output is authored that the behaviour does not have.",
        "Compare the name with the function's parameters and the names it returns; bind again after renaming one of them.",
    ),
    "PS122": StageCode(
        "The type of an attribute does not fit the behaviour's parameter or result.",
        "Annotate the parameter with the type of the attribute (double3: Gf.Vec3d, float3: Gf.Vec3f, double and float: float, int: int, "
        "quatd: Gf.Quatd, matrix4d: Gf.Matrix4d), or bind another attribute.",
    ),
    "PS123": StageCode(
        "Several attributes are connected where one is expected.",
        "Keep one connection of the input; add the others up in another behaviour.",
    ),
    "PS124": StageCode(
        "The arrays of a crowd do not have the same elements.",
        "A lane is one element of the arrays that are bound: a face where the interpolation is uniform, a point where it is vertex or "
        "varying, a face's corner where it is faceVarying, the whole prim where it is constant or not authored. Bind arrays of one kind, "
        "or author the interpolation.",
    ),
    "PS125": StageCode(
        "A part of a prim's transform cannot be read, or not written, through the transform ops that the prim has.",
        "The op that stands against it is named: shear and a scale of zero leave no orientation, an op about a single axis takes no "
        "orientation, an op outside xformOpOrder moves nothing. Bind another part (position can always be), bind the op itself by its "
        "name (xformOp:rotateX), or give the prim other ops.",
    ),
    "PS126": StageCode(
        "A behaviour takes gravity or the size of a unit on a prim whose parent is scaled.",
        "meters_per_unit is the stage's: in the space of a scaled parent it does not say how long a unit is. gravity is scaled with the "
        "parent. Take the scale out of the parent, or take gravity_world and parent_to_world.",
    ),
    "PS127": StageCode(
        "Inputs are connected to one another in a ring, or one to itself: there is no value at the end of it.",
        "Connect one of them to an attribute, or take its connection away and author a value: portalis bind … --rebind --input NAME=VALUE.",
    ),
    "PS128": StageCode(
        "An input reads an attribute that is itself connected to another one, or follows one that a behaviour writes.",
        "OpenUSD gives the value of the attribute, and what follows connections (shading, graphs) the one at their end: name that one, "
        "with --input NAME=ATTRIBUTE, or take the connection away. What a prim inherits, or has by a reference within the stage, follows "
        "what is written there only on the stage, and not from one behaviour to the other: name the attribute that is written.",
    ),
    "PS129": StageCode(
        "An input has a value that cannot be passed to the behaviour where a run starts.",
        "A text is passed where the source has it, as something to compare with or to return; an int has 64 bits, and a uint64 may have "
        "more. Author another value, or add the text to the source.",
    ),
    "PS130": StageCode(
        "An attribute may not be written by behaviours.",
        "Write to an attribute of your own, or to a transform op; what says how a stage is composed or seen is not for behaviours.",
    ),
    "PS131": StageCode(
        "Two bindings write one attribute.",
        "Disable one (portalis:behavior:NAME:enabled = false), or let one of them write to an attribute that the other one reads.",
    ),
    "PS132": StageCode(
        "Behaviours read one another's results in a cycle.",
        "Let one of the inputs read the value of the frame before: bind again with --previous INPUT, or name it in "
        "portalis:behavior:NAME:previous.",
    ),
    "PS133": StageCode(
        "A behaviour reads a result that is computed later in the frame.",
        "Change phase or order of one of them, or name the input in portalis:behavior:NAME:previous.",
    ),
    "PS134": StageCode(
        "The transform of a dynamic rigid body belongs to the physics simulation.",
        "Make the body kinematic (physics:kinematicEnabled = true), or write a drive target, a force or a velocity instead.",
    ),
    "PS135": StageCode(
        "A binding writes nothing.",
        "Return a value, or assign an attribute of self, that is bound to an attribute of a prim: --output NAME=ATTRIBUTE.",
    ),
    "PS136": StageCode(
        "A stronger opinion hides what behaviours write, or their layer is muted.",
        "Remove the opinion in the stronger layer, or run and author in that layer; unmute the layer that is named.",
    ),
    "PS140": StageCode(
        "The stage's time line, its units or a rate are no numbers that frames can be run with.",
        "The field is named: metersPerUnit, timeCodesPerSecond and framesPerSecond are positive, upAxis is Y or Z, a range starts before "
        "it ends, a fixed step leaves at most 10,000 steps to a frame. Author it again, in the root layer where it is metadata.",
    ),
    "PS150": StageCode(
        "The code came with the stage and nobody approved it.",
        "Read the source in the module prim; then run with --trust and the path of that prim, or bind the file again yourself. Approvals "
        "are kept in your own settings, never in the stage.",
    ),
    "PS151": StageCode(
        "Others than you can write to the folder of your settings, where approvals are kept.",
        "Take it back: chown it to yourself and chmod 700 it; or set PORTALIS_CONFIG to a folder that only you can write to.",
    ),
    "PS160": StageCode(
        "A run cannot go back to an earlier frame with the same bits.",
        "Going back runs again from the start; after an edit, or while frames are baked or recorded, that gives other frames than those "
        "that were there. Stop, and run again from the start.",
    ),
    "PS170": StageCode(
        "A stage, or a file of which it takes values, cannot be opened.",
        "Check the path; `usdcat FILE` and `usdchecker FILE` tell what OpenUSD thinks of the file.",
    ),
    "PS171": StageCode(
        "A layer cannot be written, or would replace a file that holds something else.",
        "Name a file ending in .usda, .usdc or .usd in a folder that you may write to. A bake replaces only what an earlier bake wrote; "
        "--overwrite lifts that.",
    ),
}


@dataclass(frozen=True, slots=True)
class StageProblem:
    """One thing wrong with a stage: `path` is the prim or property it is about, `help` what to do instead.

    Where the reason is a refusal of the translator, `diagnostics` holds it. `port` is "input NAME" or "output NAME" where it is about one.
    """

    code: str
    message: str
    path: str
    help: str = ""
    severity: Severity = "error"
    diagnostics: tuple[Diagnostic, ...] = ()
    port: str = ""

    def of_port(self, port: str) -> StageProblem:
        """Return the same about a port, where none was named."""
        return self if self.port else replace(self, port=port)

    def __str__(self) -> str:
        reasons = [visible_line(f"      {item.span}: {item.code}: {item.message}") for item in self.diagnostics]
        help_ = [visible_line(f"      = help: {self.help}")] if self.help else []
        return "\n".join((visible_line(f"{self.path}: {self.code}: {self.message}"), *reasons, *help_))


class StageError(Exception):
    """An operation on a stage was refused; `problems` holds every reason."""

    def __init__(self, *problems: StageProblem) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))
