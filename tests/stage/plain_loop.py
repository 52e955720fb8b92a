"""The loop that somebody writes by hand: each prim or element in turn, in CPython, through OpenUSD's own Get and Set.

It shares nothing with the frame loop but what a frame's time is by contract. `math` is the library's, run by CPython.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pxr import Gf, Usd, Vt

from portalis.translator.source import SourceFile
from tests.executed import execute


@dataclass(frozen=True)
class Behaviour:
    """A source, the attribute that each parameter reads and each result writes, on prims and on crowds."""

    name: str
    text: str
    prims: Mapping[str, str]
    crowd: Mapping[str, str]
    results: tuple[str, ...]
    is_class: bool = False

    def ports(self, crowd: bool) -> Mapping[str, str]:
        """The attributes by port."""
        return self.crowd if crowd else self.prims

    def load(self) -> Any:
        """The function or class, as CPython has it."""
        return execute(SourceFile("behaviour.py", self.text), self.name, (), "exact").namespace[self.name]


class PlainLoop:
    """The lanes of one behaviour over `paths`."""

    def __init__(self, behaviour: Behaviour, stage: Usd.Stage, paths: Sequence[str], crowd: bool, host: Mapping[str, Any]) -> None:
        self._behaviour, self._stage, self._paths, self._crowd = behaviour, stage, paths, crowd
        self._host = host
        self._loaded = behaviour.load()
        self._ports = behaviour.ports(crowd)
        self._instances: dict[tuple[str, int], Any] = {}

    def frame(self, now: Mapping[str, Any], code: float) -> None:
        """Run every lane once at the time code."""
        for number, path in enumerate(self._paths):
            lanes = [self._lane(path, element, number, now, code) for element in range(self._count(path, code))]
            for name in self._behaviour.results:
                self._set(path, name, [results[name] for results in lanes])

    def _lane(self, path: str, element: int, number: int, now: Mapping[str, Any], code: float) -> dict[str, Any]:
        names = self._behaviour
        seen = {**self._host, **now, "index": element if self._crowd else number}
        if not names.is_class:
            values = [seen[name] if name in seen else self._get(path, name, element, code) for name in _parameters(self._loaded)]
            result = self._loaded(*values)
            return dict(zip(names.results, result if len(names.results) > 1 else (result,), strict=True))
        instance = self._instances.get((path, element))
        if instance is None:
            instance = self._instances[path, element] = self._loaded()
            for name in self._ports:
                setattr(instance, name, self._get(path, name, element, code))
            if hasattr(instance, "on_play"):
                instance.on_play()
        for name in self._ports.keys() - set(names.results):
            setattr(instance, name, self._get(path, name, element, code))
        instance.on_update(*(seen[name] for name in _parameters(self._loaded.on_update)[1:]))
        return {name: getattr(instance, name) for name in names.results}

    def _count(self, path: str, code: float) -> int:
        return len(self._attribute(path, "position").Get(code)) if self._crowd else 1

    def _attribute(self, path: str, port: str) -> Usd.Attribute:
        return self._stage.GetPrimAtPath(path).GetAttribute(self._ports[port])

    def _get(self, path: str, port: str, element: int, code: float) -> Any:
        value = self._attribute(path, port).Get(code)
        return _widened(value[element] if self._crowd else value)

    def _set(self, path: str, port: str, values: list[Any]) -> None:
        attribute = self._attribute(path, port)
        if not self._crowd:
            assert attribute.Set(values[0])
            return
        # A list of doubles is no value of an array of floats: the attribute's own array type rounds it, as `Set` does one value.
        array = type(attribute.Get(Usd.TimeCode.EarliestTime()))
        element = {Vt.Vec3fArray: Gf.Vec3f}.get(array, lambda value: value)
        assert attribute.Set(array([element(value) for value in values]))


def _parameters(function: Any) -> tuple[str, ...]:
    return tuple(function.__code__.co_varnames[: function.__code__.co_argcount])


def _widened(value: Any) -> Any:
    """Return a value as the type that the behaviours declare: doubles."""
    return Gf.Vec3d(value) if isinstance(value, Gf.Vec3f) else value
