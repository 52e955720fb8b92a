"""The iterator that a call gives where CPython's gives one: elements come when they are asked for.

The guest keeps nothing between calls. So that what CPython would do between two elements is seen, neither earlier nor later, the function
that gives the first elements is run again from the arguments as they were when it was called, for one element more. Where nothing could be
seen, since neither arguments nor elements can change and nothing is printed, it is run for several more at once.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from portalis.translator.calling.outcome import Outcome
from portalis.translator.calling.values import deep_copy
from portalis.translator.diagnostics import GuardError

# What the function says of how its elements ended.
ENDED = 1
# Run again, it is asked for half as many elements more as were given.
_PART = 2
Run = Callable[[list[Any]], Outcome]
_CHANGED = "what an iterator goes over, or has given, was changed between two of its elements"


class Elements(Iterator[Any]):
    """An iterator over what a translated function gives; `run` calls the function for its first elements.

    What it raises while elements are asked for is raised then. GuardError where something that it could see was changed between two
    elements, or changes in a way that cannot be followed: the guest would not see that. `stops` are what guards and spent budgets raise.
    `leaves_arguments` tells whether the function changes none.
    """

    def __init__(
        self, run: Run, arguments: Sequence[Any], stops: tuple[type[Exception], ...], leaves_arguments: Callable[[], bool]
    ) -> None:
        self._run, self._stops, self._leaves_arguments = run, stops, leaves_arguments
        self._original, memo = _copied(arguments)
        # The caller's objects that can change, each with its copy.
        self._followed = [(memo[id(one)], one) for one in _objects(arguments)]
        # Those that it was given, and what they and the caller's hold.
        self._held: dict[int, tuple[Any, tuple[Any, ...]]] = {}
        self._hold([one for _, one in self._followed])
        self._given: list[Any] = []
        self._ready: list[Any] = []
        self._ended, self._ahead, self._printed = False, True, 0
        self._advance(0)

    def __iter__(self) -> Elements:
        """Return itself."""
        return self

    def __next__(self) -> Any:
        """Return the next element."""
        if self._held and (self._ready or not self._ended):
            self._check()
        if not self._ready and not self._ended:
            further = len(self._given) + max(1, len(self._given) // _PART)
            unseen = self._ahead and (not self._followed or self._leaves_arguments())
            if not (unseen and self._looked_ahead(further)):
                self._advance(len(self._given) + 1)
        if not self._ready:
            raise StopIteration
        self._given.append(self._ready.pop(0))
        return self._given[-1]

    def close(self) -> None:
        """Give no further elements."""
        self._ended, self._ready = True, []

    def _looked_ahead(self, wanted: int) -> bool:
        """Run for several elements at once; tell whether they are what would have come one by one."""
        try:
            outcome = self._run([*_copied(self._original)[0], wanted])
            plain = outcome.error is None and not outcome.printed and not _objects(outcome.value[0])
        except self._stops:
            plain = False
        if not plain or (outcome.value[1] != ENDED and len(outcome.value[0]) == len(self._given)):
            self._ahead = plain
            return False
        elements, how = outcome.value
        self._ready, self._ended = elements[len(self._given) :], how == ENDED
        return True

    def _advance(self, wanted: int) -> None:
        """Run for exactly so many elements."""
        arguments, memo = _copied(self._original)
        try:
            outcome = self._run([*arguments, wanted])
            known = {id(memo[id(copied)]): one for copied, one in self._followed}
            self._follow([(memo[id(copied)], one) for copied, one in self._followed], known)
            elements, how = ([], ENDED) if outcome.error is not None else outcome.value
            for element, given in zip(elements, self._given, strict=False):
                _recognise(element, given, known)
            self._ready = [_taken_over(element, known) for element in elements[len(self._given) :]]
            self._ended = how == ENDED
        except BaseException:
            self._ended = True
            raise
        printed, self._printed = outcome.printed[self._printed :], len(outcome.printed)
        sys.stdout.write(printed)
        if outcome.error is not None:
            raise outcome.error
        objects = _objects(self._ready)
        self._hold(objects)
        self._ahead = self._ahead and not objects and not outcome.printed

    def _hold(self, objects: Sequence[Any]) -> None:
        for one in objects:
            self._held[id(one)] = one, _content(one)

    def _check(self) -> None:
        """Raise GuardError where an object holds something else than the guest knows."""
        for one, before in self._held.values():
            held = _content(one)
            if len(held) != len(before) or not all(map(operator.is_, held, before)):
                raise GuardError(_CHANGED)

    def _follow(self, pairs: Sequence[tuple[Any, Any]], known: dict[int, Any]) -> None:
        """Let the caller's objects hold what their copies hold after a run."""
        changed = []
        for copied, one in pairs:
            held = tuple([_taken_over(item, known, new=False) for item in _content(copied)])
            before = _content(one)
            if len(held) != len(before) or any(type(item) is not type(old) or item != old for item, old in zip(held, before, strict=True)):
                changed.append((one, held))
        for one, held in changed:
            if isinstance(one, list):
                one[:] = held
            elif isinstance(one, dict):
                half = len(held) // 2
                one.clear()
                one.update(zip(held[:half], held[half:], strict=True))
            else:
                raise GuardError("an iterator changes a set between two of its elements")
            self._hold([one])


def _copied(values: Sequence[Any]) -> tuple[list[Any], dict[int, Any]]:
    """Return copies of values that share what these share, and each object's copy by its identity."""
    memo: dict[int, Any] = {}
    return deep_copy(list(values), memo), memo


def _content(value: Any) -> tuple[Any, ...]:
    return (*value, *value.values()) if isinstance(value, dict) else tuple(value)


def _objects(values: Sequence[Any]) -> list[Any]:
    """Return each object in values that can change."""
    found: dict[int, Any] = {}
    pending = list(values)
    while pending:
        value = pending.pop()
        if isinstance(value, list | dict | set) and id(value) not in found:
            found[id(value)] = value
            pending += _content(value)
        elif isinstance(value, tuple | frozenset):
            pending += value
    return list(found.values())


def _recognise(value: Any, given: Any, known: dict[int, Any]) -> None:
    """Know the objects of an element that was given before; GuardError where it is another one by now."""
    same = type(value) is type(given)
    if same and isinstance(value, list | dict | set):
        if id(value) in known:
            same = known[id(value)] is given
        else:
            known[id(value)] = given
            held, before = _content(value), _content(given)
            same = len(held) == len(before)
            for item, old in zip(held, before, strict=False):
                _recognise(item, old, known)
    elif same and isinstance(value, tuple):
        same = len(value) == len(given)
        for item, old in zip(value, given, strict=False):
            _recognise(item, old, known)
    elif same:
        same = value == given or repr(value) == repr(given)
    if not same:
        raise GuardError("an element of an iterator changes after it was given")


def _taken_over(value: Any, known: dict[int, Any], new: bool = True) -> Any:
    """Return what stands for a value of a run: objects that are known are those, and others itself where `new` ones may come."""
    if isinstance(value, list | dict | set):
        if id(value) in known:
            return known[id(value)]
        if not new:
            raise GuardError("an iterator puts objects into its arguments between two of its elements")
        known[id(value)] = value
        if isinstance(value, list):
            value[:] = [_taken_over(item, known) for item in value]
        elif isinstance(value, dict):
            value.update({key: _taken_over(item, known) for key, item in value.items()})
        return value
    return tuple([_taken_over(item, known, new) for item in value]) if type(value) is tuple else value
