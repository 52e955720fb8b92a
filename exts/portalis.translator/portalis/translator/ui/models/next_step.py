"""What to do next, in every state of the window: one short sentence, and the button that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.ui.models.problems import Purpose
    from portalis.translator.ui.models.run import RunState
    from portalis.translator.ui.models.window import PanelModel

# The text: refused; changed since it was refused; changed since it was translated, saved or opened; as it was opened, and translated by
# nobody; that of a binding, as it was opened; translated; translated, and no behaviour.
Code: TypeAlias = Literal["refused", "mended", "changed", "new", "known", "ready", "plain"]
# The selected prims: without this behaviour; with it, as it is at hand; with it, and Bind again would change what they have.
Prims: TypeAlias = Literal["no stage", "none", "unbound", "bound", "waiting"]
Button: TypeAlias = Literal["", "translate", "bind", "play"]

_OF_RUN: dict[RunState, str] = {
    "preparing": "Stop cancels it",
    "baking": "Stop ends it",
    "playing": "Pause holds it, Stop gives the stage back",
    "paused": "Play goes on, Stop gives the stage back",
}

_ASKED: dict[Purpose, str] = {
    "open": "name a Python file{or_stage}: Tab completes, Enter opens",
    "save": "name a Python file: Tab completes, Enter saves",
    "save_stage": "name a stage: Tab completes, Enter saves",
    "export": "name a .csv or .json file: Tab completes, Enter saves",
    "budget": "write a number of instructions: Enter allows them",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next, and the button that does it where it is one."""

    words: str
    button: Button = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the next step follows from, where nothing is asked.

    `unsaved`: the text is nowhere else. `red`: a port is bound to nothing that fits, and nobody pressed Bind yet. `refused`: Bind was
    refused, or would be. `fails`: something of the run does. `elsewhere`: something is bound on the stage. `no_translator` is what to do
    where the chosen one does not work, `warning` what is odd about the text or what is bound, and keeps nobody from going on.
    """

    run: RunState = "stopped"
    code: Code = "new"
    prims: Prims = "none"
    unsaved: bool = False
    red: bool = False
    refused: bool = False
    fails: bool = False
    elsewhere: bool = False
    no_translator: str = ""
    warning: str = ""


def next_step(model: PanelModel) -> Step:
    """Say what somebody who looks at this window can do next."""
    if model.files.overwriting.path is not None:
        return Step("answer above whether the file is replaced")
    if model.leaving.asked or model.replacing.what:
        return Step("answer above what becomes of what is not saved")
    if model.files.asked is not None:
        return Step(_ASKED[model.files.asked].format(or_stage=" or a stage" if model.stages is not None else ""))
    if model.run.requests:
        return Step("read the code under Problems, then trust it")
    if model.browsed is not None:
        return Step("click an example to open it; Back shows the stage again")
    if model.translating:
        return Step("Cancel gives it up")
    picking = model.ports.picking
    if picking is not None and model.tabs.front == "Ports":
        takes = ", or write a value" if picking.way == "input" else ""
        return Step(f"click what {picking.name} is bound to{takes}; Back leaves it as it is")
    return step(situation(model))


def situation(model: PanelModel) -> Situation:
    """Look at a window."""
    run, ports = model.run, model.ports
    why_not = model.choice.refusal
    choose = "choose another translator" if model.message == why_not else f"choose another translator: {why_not}"
    code = _code(model)
    tried = any(item.severity == "error" for item in model.not_bound)
    return Situation(
        run.state,
        code,
        _prims(model, code),
        model.document.unsaved,
        not tried and any(row.refused for row in ports.rows),
        tried or any(item.severity == "error" for item in ports.problems),
        bool(run.errors) or any(item.severity == "error" and item.code != "PS150" for item in run.problems),
        model.bindings.somewhere,
        choose if why_not else "",
        _warning(model),
    )


def _warning(model: PanelModel) -> str:
    translated, found = model.translated, []
    if translated is not None and translated.endless and translated.source.text == model.text:
        found.append(f"the loop in line {translated.endless} may never end")
    found += dict.fromkeys(item.message for item in model.not_bound or model.ports.problems if item.severity == "warning")
    more = f", and {counted(len(found) - 1, 'more warning')} under Problems" if len(found) > 1 else ""
    return f"{found[0]}{more}" if found else ""


def _code(model: PanelModel) -> Code:
    translated, behaviour = model.translated, model.ports.behaviour
    if model.refused is not None:
        return "mended" if model.problems.mended else "refused"
    if translated is not None and translated.source.text == model.text:
        return "ready" if translated.interface is not None else "plain"
    if behaviour is not None and behaviour.source.text == model.text:
        return "known"
    return "changed" if model.document.unsaved or translated is not None or behaviour is not None else "new"


def _prims(model: PanelModel, code: Code) -> Prims:
    if model.host.stage is None:
        return "no stage"
    if not model.host.selection():
        return "none"
    if code in ("known", "ready"):
        return "waiting" if model.ports.waits else "bound" if model.ports.rebinds else "unbound"
    return "bound" if any(model.document.module in item.modules for item in model.bindings.selected()) else "unbound"


def step(at: Situation) -> Step:
    """Say what comes next, and of what is only warned of that it works and how."""
    following = _step(at)
    if at.warning and following.button in ("bind", "play"):
        return Step(f"{following.words}; it works, but {at.warning}", following.button)
    return following


def _step(at: Situation) -> Step:
    """The text first, then what is bound, then what runs."""
    if at.run in ("preparing", "baking"):
        return Step(_OF_RUN[at.run])
    mend = Step("mend what is listed under Problems" + ("" if at.run == "stopped" else "; Stop gives the stage back"))
    if at.code == "refused":
        return mend
    if at.code == "mended":
        return _translate(at, " to see what is mended")
    if at.code == "changed":
        return _translate(at, ", then Bind again: the change does not run yet" if at.prims == "bound" else "")
    if at.code == "known" and at.prims == "waiting":
        return _translate(at, ", then Bind again: what was chosen is not applied yet")
    rests = at.prims == "none" and at.elsewhere
    if at.code == "ready" and (at.prims == "waiting" or (at.prims != "bound" and (at.unsaved or (at.run == "stopped" and not rests)))):
        return _bind(at, mend)
    if at.fails or (at.refused and at.prims == "bound"):
        return mend
    if at.run != "stopped":
        return Step(_OF_RUN[at.run], "play" if at.run == "paused" else "")
    if at.code == "plain":
        return Step("only a behaviour can be bound: return outputs by name, or write a class with on_update")
    if at.prims == "bound":
        return Step("press Play (F5), or change the code", "play")
    if rests:
        return Step("press Play (F5), or select a prim", "play")
    return Step("open a stage") if at.code == "known" and at.prims == "no stage" else _translate(at, "")


def _translate(at: Situation, why: str) -> Step:
    return Step(at.no_translator) if at.no_translator else Step(f"press Translate (Ctrl+Enter){why}", "translate")


def _bind(at: Situation, mend: Step) -> Step:
    if at.prims in ("no stage", "none"):
        return Step("open a stage" if at.prims == "no stage" else "select a prim")
    if at.red:
        return Step("choose what the ports marked red are bound to: the … beside each")
    if at.refused:
        return mend
    if at.prims == "waiting":
        return Step("press Bind again (Ctrl+B): what was chosen or translated is not applied yet", "bind")
    return Step("press Bind (Ctrl+B)", "bind")
