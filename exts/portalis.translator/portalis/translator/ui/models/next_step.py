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
    if model.leaving.asked or model.replacing.what:
        return "answer above what becomes of what is not saved"
    if model.run.requests:
        return "read the code under Problems, then trust it"
    if model.translating:
        return "Cancel gives it up"
    if model.run.state != "stopped":
        return _OF_RUN[model.run.state]
    if model.refused is not None or model.not_bound:
        return "mend what is listed under Problems"
    if why_not := model.why_not[model.chosen]:
        return f"choose another translator: {why_not}"
    bound = model.bindings.selected()
    if bound and (model.translated is None or not model.document.unsaved):
        return "press Play (F5), or change the code"
    why_not = model.bindings.why_not_bind()
    if why_not:
        return "press Translate (Ctrl+Enter)" if "translate" in why_not else why_not
    if any(row.refused for row in model.ports.rows):
        return "choose what the ports marked red are bound to: the … beside each"
    return "press Bind (Ctrl+B)"
