"""Binding as one edit that can be taken back exactly, whatever layer it went to."""

from __future__ import annotations

from collections.abc import Sequence

from pxr import Usd

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.before import Before, before_binding
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import Approvals
from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.interface import BehaviourInterface
from portalis.translator.stage.problems import StageError, StageProblem


class BindEdit:
    """Bind a behaviour to prims at the edit target that the stage has now; `do` again after `undo` gives the same opinions.

    With an `engine`, what is bound is checked as `check` does; `warnings` is then what is odd about it.
    """

    def __init__(
        self,
        stage: Usd.Stage,
        prim_paths: Sequence[str],
        source: SourceFile,
        interface: BehaviourInterface,
        approvals: Approvals | None = None,
        engine: BehaviourEngine | None = None,
    ) -> None:
        self._stage = stage
        self._paths = tuple(prim_paths)
        self._source = source
        self._interface = interface
        self._approvals = approvals
        self._engine = engine
        self.warnings: list[StageProblem] = []
        self._target = stage.GetEditTarget()
        self._before: Before | None = None

    def do(self) -> tuple[BindingKey, ...]:
        """Bind and return the bindings' keys; a `StageError` holds every reason against it, and then nothing has changed."""
        self.warnings.clear()
        before = before_binding(self._stage, self._target, self._paths)
        try:
            with Usd.EditContext(self._stage, self._target):
                keys = bind(
                    self._stage,
                    self._paths,
                    self._source,
                    self._interface,
                    approvals=self._approvals,
                    engine=self._engine,
                    warn=self.warnings.append,
                )
        except BaseException:
            before.restore()
            raise
        self._before = before
        return keys

    def undo(self) -> None:
        """Give the layer back the opinions it had; a `StageError` where it was locked meanwhile."""
        assert self._before is not None, "do comes first"
        layer = self._target.GetLayer()
        if not layer.permissionToEdit:
            raise StageError(StageProblem("PS102", f"the layer {layer.identifier} is locked", "/", "unlock it, then undo again"))
        self._before.restore()
        self._before = None
