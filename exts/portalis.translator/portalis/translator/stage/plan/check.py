"""Everything that is wrong with the bindings of a stage, without running any of them."""

from __future__ import annotations

from pxr import Usd

from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.modules import claimed_verdict, is_lost_by_reference, weakness
from portalis.translator.stage.plan.prepare import Prepared, prepare
from portalis.translator.stage.problems import StageProblem


def check(stage: Usd.Stage, engine: BehaviourEngine) -> tuple[StageProblem, ...]:
    """Return every problem of the stage: errors keep a binding from running, warnings do not.

    Sources go through the front-end, which refuses or types them; nothing is executed, neither in the sandbox nor in CPython.
    """
    prepared = prepare(stage, engine)
    return (*prepared.problems, *_lost_modules(stage, prepared), *_weak_modules(stage, prepared))


def _weak_modules(stage: Usd.Stage, prepared: Prepared) -> list[StageProblem]:
    claimed = [weakness("the code", claimed_verdict(stage, module), module.path) for module in prepared.modules.values()]
    return [problem for problem in claimed if problem is not None]


def _lost_modules(stage: Usd.Stage, prepared: Prepared) -> list[StageProblem]:
    default = stage.GetDefaultPrim()
    below = f"move it below {default.GetPath()}" if default else "give the stage a default prim, and move the module below it"
    return [
        StageProblem("PS112", "a reference to this asset would not bring the module along", module.path, below, "warning")
        for module in prepared.modules.values()
        if is_lost_by_reference(stage, module.path)
    ]
