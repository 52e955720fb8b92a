"""The list of problems: each with its severity in a word, where it is, what to do, and the remedy as a button where there is one."""

from __future__ import annotations

import functools

import omni.ui as ui

from portalis.translator.ui.models.glyphs import glyphs
from portalis.translator.ui.models.problems import Problem, explanation
from portalis.translator.ui.models.tips import tip
from portalis.translator.ui.models.window import PanelModel

_MOST_SHOWN = 100
_EXPLAIN = "What this code means at length (F1)."
_JUMP = "Put the caret where it is."
_PORT = "Choose what this port is bound to."


class ProblemsPanel:
    """Shows a model's problems in the current container. `draw` brings it up to date."""

    def __init__(self, model: PanelModel) -> None:
        self._model = model
        self._shown: tuple[tuple[Problem, ...], frozenset[str]] | None = None
        self.frame = ui.ScrollingFrame(
            horizontal_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF, identifier="problems_scroll", visible=False
        )
        with self.frame:
            self._rows = ui.Frame()

    def draw(self, problems: tuple[Problem, ...]) -> None:
        """Show these problems."""
        shown = problems, self._model.problems.explained
        if shown == self._shown:
            return
        self._shown = shown
        self._rows.clear()
        with self._rows, ui.VStack(spacing=6, height=0):
            ui.Spacer(height=2)
            for index, problem in enumerate(problems[:_MOST_SHOWN]):
                self._build(index, problem)
            if len(problems) > _MOST_SHOWN:
                ui.Label(f"and {len(problems) - _MOST_SHOWN} more", name="quiet", height=20)

    def _build(self, index: int, problem: Problem) -> None:
        tone = "bad" if problem.severity == "error" else "busy"
        with ui.HStack(height=0):
            ui.Spacer(width=6)
            with ui.VStack(height=0, spacing=2):
                with ui.HStack(height=20, spacing=6):
                    ui.Label(problem.severity, name=tone, width=60, identifier=f"problem_{index}_severity")
                    ui.Label(problem.code, name="quiet", width=0, identifier=f"problem_{index}_code")
                    ui.Spacer()
                    if explanation(problem.code):
                        explain = functools.partial(self._model.problems.explain, problem.code)
                        ui.Button(
                            "Explain", width=66, height=20, clicked_fn=explain, identifier=f"problem_{index}_explain", tooltip=_EXPLAIN
                        )
                    if problem.line:
                        jump = functools.partial(self._model.jump, problem.line, problem.column)
                        ui.Button(
                            f"line {problem.line}", width=70, height=20, clicked_fn=jump, identifier=f"problem_{index}_jump", tooltip=_JUMP
                        )
                    elif len(problem.ports) == 1:
                        show = functools.partial(self._model.tabs.show_port, problem.ports[0])
                        ui.Button("port", width=50, height=20, clicked_fn=show, identifier=f"problem_{index}_jump", tooltip=_PORT)
                if problem.place != f"line {problem.line}":
                    # Whole: two prims may differ in their last letters.
                    ui.Label(glyphs(problem.place), name="quiet", word_wrap=True, identifier=f"problem_{index}_place")
                ui.Label(glyphs(problem.message), word_wrap=True, identifier=f"problem_{index}")
                if problem.help:
                    ui.Label(glyphs(problem.help), name="quiet", word_wrap=True)
                if len(problem.ports) > 1:
                    self._build_ports(index, problem.ports)
                if problem.detail:
                    ui.Label(glyphs(problem.detail), name="code", word_wrap=True, identifier=f"problem_{index}_detail")
                if problem.remedies:
                    with ui.HStack(height=24, spacing=6):
                        for number, remedy in enumerate(problem.remedies):
                            key, about = f"problem_{index}_remedy_{number}", tip(problem.help or problem.message)
                            name = "" if number else "primary"
                            ui.Button(remedy.label, width=0, name=name, clicked_fn=remedy.act, identifier=key, tooltip=about)
                        ui.Spacer()
                # Below what can be pressed, which stays where it is.
                if problem.code in self._model.problems.explained:
                    ui.Label(explanation(problem.code), name="good", word_wrap=True, identifier=f"problem_{index}_explained")
            ui.Spacer(width=6)

    def _build_ports(self, index: int, ports: tuple[str, ...]) -> None:
        """Let somebody choose which of several ports to choose something for: one a row, since there may be many."""
        for port in ports:
            show, name = functools.partial(self._model.tabs.show_port, port), port.partition(" ")[2]
            with ui.HStack(height=22):
                ui.Button(f"choose for {name}", width=0, clicked_fn=show, identifier=f"problem_{index}_port_{name}", tooltip=_PORT)
                ui.Spacer()
