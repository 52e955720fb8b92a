"""What to do next, in every state of the window: one short sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portalis.translator.ui.models.window import PanelModel

_OF_RUN = {
    "preparing": "Stop cancels it",
    "baking": "Stop ends it",
    "playing": "Pause holds it, Stop gives the stage back",
    "paused": "Play goes on, Stop gives the stage back",
}


def next_step(model: PanelModel) -> str:
    """Say what somebody who looks at this window can do next."""
    if model.files.overwriting.path is not None:
        return "answer above whether the file is replaced"
    if model.leaving.asked or model.replacing.what:
        return "answer above what becomes of what is not saved"
    if model.run.requests:
        return "read the code under Problems, then trust it"
    if model.browsed is not None:
        return "click an example to open it; Back shows the stage again"
    if model.translating:
        return "Cancel gives it up"
    waits = _waits(model)
    if model.run.state in ("playing", "paused") and model.run.errors:
        return waits or "mend what is listed under Problems; Stop gives the stage back"
    if model.run.state != "stopped":
        return waits or _OF_RUN[model.run.state]
    if model.problems.mended:
        return "press Translate (Ctrl+Enter): what is refused is the text before"
    if model.refused is not None or model.not_bound:
        return "mend what is listed under Problems"
    if why_not := model.choice.refusal:
        return "choose another translator" if model.message == why_not else f"choose another translator: {why_not}"
    if waits:
        return waits
    bound = model.bindings.selected()
    if bound and (model.translated is None or not model.document.unsaved):
        return "press Play (F5), or change the code"
    why_not = model.bindings.why_not_bind()
    if why_not:
        return "press Translate (Ctrl+Enter)" if "translate" in why_not else why_not
    if any(row.refused for row in model.ports.rows):
        return "choose what the ports marked red are bound to: the … beside each"
    return "press Bind (Ctrl+B)"


def _waits(model: PanelModel) -> str:
    """Say what to press before what is at hand is what runs; empty where it is, or is refused."""
    if model.refused is not None or model.not_bound or model.run.state in ("preparing", "baking"):
        return ""
    if model.ports.waits and not any(row.refused for row in model.ports.rows):
        why_not = model.bindings.why_not_bind()
        if not why_not:
            return "press Bind again (Ctrl+B): what was chosen or translated is not applied yet"
        if "translate" in why_not:
            return "press Translate (Ctrl+Enter), then Bind again: what was chosen is not applied yet"
    if model.run.state != "stopped" and model.document.unsaved and model.bindings.selected():
        return "press Translate (Ctrl+Enter), then Bind again: the change does not run yet"
    return ""
