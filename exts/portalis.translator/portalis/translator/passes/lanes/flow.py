"""Paths through a lane body: which lanes are on a path, what the locals hold there, and how paths part and meet.

Invariant: what a path's locals hold is right for the lanes of its mask that have not bailed; it may be anything for the others. So a mask
may also count lanes that have bailed, and where two paths meet, one that has only bailed lanes is ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from portalis.translator.ir.nodes import Function
from portalis.translator.passes.lanes.code import Atom, CannotFlatten, LaneCode, NotInLanes, Value, is_known
from portalis.translator.passes.simplify import truth
from portalis.translator.source import Span

Environment: TypeAlias = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Exit:
    """A path that left for the end of its function or for an end of its loop; `value` is what it returns."""

    mask: Atom
    environment: Environment
    value: Value | None = None


@dataclass(slots=True)
class UnrolledLoop:
    """The paths that have left a loop being unrolled, or its current iteration."""

    breaks: list[Exit] = field(default_factory=list)
    continues: list[Exit] = field(default_factory=list)


@dataclass(slots=True)
class FlattenedFunction:
    """One function being flattened into the body."""

    function: Function
    returns: list[Exit] = field(default_factory=list)
    loop: UnrolledLoop | None = None

    def jumps(self) -> tuple[int, int, int]:
        """Count the paths that have left so far."""
        return (len(self.returns), *((len(self.loop.breaks), len(self.loop.continues)) if self.loop else (0, 0)))

    def forget_jumps(self, counts: tuple[int, int, int]) -> None:
        """Forget the paths that left after `jumps` gave `counts`."""
        del self.returns[counts[0] :]
        if self.loop is not None:
            del self.loop.breaks[counts[1] :], self.loop.continues[counts[2] :]


@dataclass(frozen=True, slots=True)
class _End:
    """How a branch ended: still on a path (`mask` is not None), left by a jump, or `refused`, its lanes bailing."""

    value: Value | None
    environment: Environment
    mask: Atom | None
    refused: NotInLanes | None = None


class LaneFlow:
    """The path being followed: `mask` (None once every lane has left it) and `environment`; and the lanes that bail."""

    def __init__(self, function: Function) -> None:
        self.code = LaneCode()
        self.frame = FlattenedFunction(function)
        self.environment: Environment = {}
        self.mask: Atom | None = truth(function.span, True)
        self.bail: Atom = truth(function.span, False)
        # Whether this is the path that the entry itself takes when no early return is: it is worth no body if that one bails.
        self.is_main = True

    def bail_where(self, span: Span, test: Atom) -> None:
        """Let the lanes of this path bail for which `test` holds."""
        assert self.mask is not None
        self.bail = self.code.either(span, self.bail, self.code.both(span, self.mask, test))

    def fork(
        self,
        span: Span,
        test: Atom,
        then: Callable[[], Value | None],
        otherwise: Callable[[], Value | None],
        main: tuple[bool, bool] = (False, False),
    ) -> Value | None:
        """Follow two paths, one where `test` holds, and go on where they meet; return the value that they give there.

        `main` tells which of the two goes on with the path that the entry takes.
        """
        mask, environment = self.mask, self.environment
        assert mask is not None
        masks = self.code.both(span, mask, test), self.code.both(span, mask, self.code.inverse(span, test))
        first = self._follow(span, masks[0], environment, then, main[0])
        second = self._follow(span, masks[1], environment, otherwise, main[1])
        if first.refused is not None and second.refused is not None:
            raise CannotFlatten(first.refused)
        if first.mask is None or second.mask is None:
            end, other, whole = (second, first, masks[1]) if first.mask is None else (first, second, masks[0])
            self.environment = end.environment
            self.mask = mask if other.refused is not None and end.mask is whole else end.mask
            return end.value
        self.environment = self._merge(span, test, first.environment, second.environment)
        self.mask = mask if (first.mask, second.mask) == masks else self.code.either(span, first.mask, second.mask)
        if first.value is None or second.value is None:
            return None
        return self.code.select(span, test, first.value, second.value)

    def _follow(self, span: Span, mask: Atom, environment: Environment, run: Callable[[], Value | None], is_main: bool) -> _End:
        if is_known(mask, False):
            return _End(None, environment, None, NotInLanes("no lane gets here", span, is_error=True))
        frame, was_main, bail = self.frame, self.is_main, self.bail
        loop, jumps, mark = frame.loop, frame.jumps(), self.code.mark()
        is_main = was_main and is_main
        self.mask, self.environment, self.is_main = mask, dict(environment), is_main
        try:
            value = run()
        except CannotFlatten as stop:
            if is_main and not stop.refused.is_error:
                raise
            self.code.undo(mark)
            frame.loop = loop
            frame.forget_jumps(jumps)
            self.bail = self.code.either(span, bail, mask)
            return _End(None, environment, None, stop.refused)
        finally:
            self.frame, self.is_main = frame, was_main
        return _End(value, self.environment, self.mask)

    def leave(self, exits: list[Exit], value: Value | None = None) -> None:
        """Leave the path for where `exits` meet."""
        assert self.mask is not None
        exits.append(Exit(self.mask, self.environment, value))
        self.mask = None

    def rejoin(self, span: Span, exits: list[Exit], whole: Atom | None) -> None:
        """Go on where paths that left meet this one; `whole`, where known, is the mask of all their lanes."""
        if not exits:
            return
        paths = [*exits] if self.mask is None else [*exits, Exit(self.mask, self.environment)]
        last = paths.pop()
        environment, mask = last.environment, last.mask
        for path in reversed(paths):
            environment = self._merge(span, path.mask, path.environment, environment)
            mask = mask if whole is not None else self.code.either(span, path.mask, mask)
        self.environment, self.mask = environment, mask if whole is None else whole

    def _merge(self, span: Span, test: Atom, then: Environment, otherwise: Environment) -> Environment:
        merged = then | otherwise
        for name, value in then.items():
            # A local that only one path has assigned is not read before it is assigned again.
            merged[name] = self.code.select(span, test, value, otherwise[name]) if name in otherwise else value
        return merged
