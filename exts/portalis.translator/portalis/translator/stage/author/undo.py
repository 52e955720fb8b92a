"""Binding, taking bindings away and switching them, each as one edit that can be taken back exactly, whatever layer it went to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeVar

from pxr import Sdf, Usd

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.before import Before, before_binding
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.leftovers import Left
from portalis.translator.stage.author.managing import Unbound, set_enabled, touched, unbind
from portalis.translator.stage.author.trust import Approvals
from portalis.translator.stage.plan.bindings import BindingKey, PrimBinding
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.interface import BehaviourInterface
from portalis.translator.stage.plan.modules import module_scope
from portalis.translator.stage.problems import StageError, StageProblem

_Result = TypeVar("_Result")


class _LayerEdit:
    """An edit at the edit target that the stage has now; after `undo` the layer has the opinions that it had."""

    def __init__(self, stage: Usd.Stage, prim_paths: Sequence[str]) -> None:
        self._stage = stage
        self._paths = tuple(prim_paths)
        self._target = stage.GetEditTarget()
        self._before: Before | None = None

    def undo(self) -> None:
        """Give the layer back the opinions it had; a `StageError` where it was locked meanwhile."""
        assert self._before is not None, "do comes first"
        layer = self._target.GetLayer()
        if not layer.permissionToEdit:
            raise StageError(StageProblem("PS102", f"the layer {layer.identifier} is locked", "/", "unlock it, then undo again"))
        self._before.restore()
        self._before = None

    def _done(self, edit: Callable[[], _Result]) -> _Result:
        before = before_binding(self._stage, self._target, self._paths)
        try:
            with Usd.EditContext(self._stage, self._target):
                result = edit()
        except BaseException:
            before.restore()
            raise
        self._before = before
        return result


class BindEdit(_LayerEdit):
    """Bind a behaviour to prims; `do` again after `undo` gives the same opinions.

    With an `engine`, what is bound is checked as `check` does; `warnings` is then what is odd about it. The rest is as `bind` takes it.
    """

    def __init__(
        self,
        stage: Usd.Stage,
        prim_paths: Sequence[str],
        source: SourceFile,
        interface: BehaviourInterface,
        approvals: Approvals | None = None,
        engine: BehaviourEngine | None = None,
        *,
        inputs: Mapping[str, str] | None = None,
        outputs: Mapping[str, str] | None = None,
        instance_name: str | None = None,
        rebind: bool = False,
    ) -> None:
        super().__init__(stage, prim_paths)
        self._source = source
        self._interface = interface
        self._approvals = approvals
        self._engine = engine
        self._inputs, self._outputs = dict(inputs or {}), dict(outputs or {})
        self._instance_name = instance_name
        self._rebind = rebind
        self.warnings: list[StageProblem] = []

    @property
    def name(self) -> Literal["bind", "rebind"]:
        """Whether it is the prims' first binding of its name."""
        return "rebind" if self._rebind else "bind"

    @property
    def label(self) -> str:
        """What undo takes back, in words."""
        return f"{self.name} {self._interface.name} to {counted(self._paths)}"

    def do(self) -> tuple[BindingKey, ...]:
        """Bind and return the bindings' keys; a `StageError` holds every reason against it, and then nothing has changed."""
        self.warnings.clear()
        return self._done(
            lambda: bind(
                self._stage,
                self._paths,
                self._source,
                self._interface,
                inputs=self._inputs,
                outputs=self._outputs,
                instance_name=self._instance_name,
                rebind=self._rebind,
                approvals=self._approvals,
                engine=self._engine,
                warn=self.warnings.append,
            )
        )


class UnbindEdit(_LayerEdit):
    """Take bindings away, with what was authored for them and nothing else uses; `left` is then what stays, and why.

    `undo` gives everything back; a module scope that went comes back as the last child of its prim.
    """

    def __init__(self, stage: Usd.Stage, bindings: Sequence[PrimBinding]) -> None:
        scope = module_scope(stage)
        modules = [path for item in bindings for path in item.modules if not Sdf.Path(path).HasPrefix(scope)]
        super().__init__(stage, [*dict.fromkeys((*(item.key.path for item in bindings), *map(_prim_of, touched(bindings)), *modules))])
        self._bindings = tuple(bindings)
        self.left: tuple[Left, ...] = ()

    @property
    def name(self) -> Literal["unbind"]:
        """Which kind of edit it is."""
        return "unbind"

    @property
    def label(self) -> str:
        """What undo takes back, in words."""
        return f"unbind {counted([item.key.path for item in self._bindings])}"

    def do(self) -> Unbound:
        """Take them away; a `StageError` where that cannot be, and then nothing has changed."""
        done = self._done(lambda: unbind(self._stage, self._bindings))
        self.left = done.left
        return done


class SwitchEdit(_LayerEdit):
    """Switch bindings on or off."""

    def __init__(self, stage: Usd.Stage, bindings: Sequence[PrimBinding], enabled: bool, engine: BehaviourEngine) -> None:
        super().__init__(stage, [*dict.fromkeys(item.key.path for item in bindings)])
        self._bindings = tuple(bindings)
        self._enabled = enabled
        self._engine = engine

    @property
    def name(self) -> Literal["enable", "disable"]:
        """Which way it switches."""
        return "enable" if self._enabled else "disable"

    @property
    def label(self) -> str:
        """What undo takes back, in words."""
        return f"{self.name} {counted([item.key.path for item in self._bindings])}"

    def do(self) -> tuple[BindingKey, ...]:
        """Switch them; a `StageError` where the stage would have an error then, and then nothing has changed."""
        return self._done(lambda: set_enabled(self._stage, self._bindings, self._enabled, self._engine))


def counted(paths: Sequence[str]) -> str:
    """Return the one path, or how many there are."""
    return paths[0] if len(paths) == 1 else f"{len(paths)} prims"


def _prim_of(path: str) -> str:
    return str(Sdf.Path(path).GetPrimPath())
