"""Bake: keep what behaviours computed, as time samples in a layer over the stage."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pxr import Sdf, Usd

from portalis.translator.saving import beside, replacing
from portalis.translator.stage.bake.crate import UnknownCrateError, complete
from portalis.translator.stage.bake.delivery import remove_behaviours
from portalis.translator.stage.bake.reading import wrong_samples
from portalis.translator.stage.bake.setting import set_samples
from portalis.translator.stage.bake.spool import Spool
from portalis.translator.stage.bake.stand_ins import fill, holder_of
from portalis.translator.stage.collector import collector_paused
from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.layers import BAKED_MARK, Overlay, difference, export, flattened, said_as_problem, shown_again, write
from portalis.translator.stage.plan.discovery import discover
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.values import Codec, Rows


class Baker:
    """A sink that writes time samples into a layer; call `finish` after the last frame.

    Frames go to a file without a name in the layer's folder as they come. `StageError` where that cannot be written. Unless `completing`,
    OpenUSD is given every sample, as it is where its file cannot be completed.
    """

    def __init__(self, over: Overlay, *, completing: bool = True) -> None:
        self._completing = completing
        self._layer = over.layer
        self._path = over.path
        # Whether OpenUSD's file was completed; otherwise it got its samples one by one.
        self.completed = False

    @functools.cached_property
    def _spool(self) -> Spool:
        return Spool(self._path.parent)

    @functools.cached_property
    def _authored(self) -> Usd.Stage:
        return Usd.Stage.Open(Sdf.Layer.FindOrOpenRelativeToLayer(self._layer, self._layer.subLayerPaths[0]))

    def at(self, time_code: float) -> None:
        """Begin the frame whose samples lie at `time_code`; doing so again changes nothing."""
        with said_as_problem(self._path):
            self._spool.at(time_code)

    def column(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str], which: Indices, rows: Rows) -> None:
        """Take new values of single-valued attributes."""
        with said_as_problem(self._path):
            self._spool.take(targets, codec, strings, which, rows)

    def array(self, target: Target, codec: Codec, rows: Rows) -> None:
        """Take the new elements of an array attribute."""
        with said_as_problem(self._path):
            self._spool.take_array(target, codec, rows)

    def close(self) -> None:
        """Give back the space of frames that are not to be kept; doing so again changes nothing."""
        if "_spool" in self.__dict__:
            self._spool.close()

    def finish(self, fps: float, *, flat: bool = False, deliver: bool = False) -> None:
        """Author the range and the frame rate, and save the layer under its name, or where `flat` one that needs no other.

        Where `deliver`, that one has no modules and bindings either.

        `StageError` where it cannot be written: then the file is as it was.
        The layer plays back; nothing that is bound runs on top of it. An authored range grows to hold the samples and never shrinks. An
        authored frame rate stays: it says how to look, not when.
        """
        try:
            with said_as_problem(self._path), collector_paused():
                self._finish(fps, flat, deliver)
        finally:
            self.close()

    def _finish(self, fps: float, flat: bool, deliver: bool) -> None:
        if codes := self._spool.codes:
            self._cover(min(codes), max(codes))
        if not self._layer.HasFramesPerSecond() and fps != self._layer.timeCodesPerSecond:
            self._layer.framesPerSecond = fps
        self._layer.customLayerData = self._layer.customLayerData | {BAKED_MARK: True}
        self._take_what_was_before()
        # On top of its own results what ran would begin where it ended.
        switches = [f"{item.key.path}.{item.key.prefix}enabled" for item in discover(self._authored).bindings if item.enabled]
        fill(self._layer, self._spool, switches)
        if flat or deliver:
            self._write_flat(deliver)
        elif not self._write_completed():
            set_samples(self._layer, self._spool)
            write(self._layer, self._path)
        shown_again(self._path)

    def _write_completed(self) -> bool:
        """Write the layer by completing what OpenUSD wrote of it; False where that is not possible: then the file is as it was."""
        try:
            with replacing(self._path) as temporary:
                export(self._layer, temporary, self._path)
                self._complete(temporary)
        except UnknownCrateError:
            return False
        return True

    def _write_flat(self, deliver: bool) -> None:
        """Write what the layer is composed of, with samples that lie in a file beside it meanwhile."""
        layer, file = self._layer, beside(self._path, ".usdc")
        try:
            self._layer.Export(str(file))
            try:
                self._complete(file)
                layer = Sdf.Layer.FindOrOpen(str(file))
            except UnknownCrateError:
                set_samples(layer, self._spool)
            flat = flattened(layer)
            if deliver:
                remove_behaviours(flat)
            write(flat, self._path)
        finally:
            file.unlink(missing_ok=True)

    def _complete(self, file: Path) -> None:
        """Give the layer that OpenUSD wrote at `file` its samples and read it; UnknownCrateError where that cannot be or was wrong."""
        if not self._completing:
            raise UnknownCrateError("not asked for")
        complete(file, self._spool, holder_of(self._spool))
        found = Sdf.Layer.OpenAsAnonymous(str(file))
        if wrong := difference(self._layer, found, samples=False) or wrong_samples(found, self._spool):
            raise UnknownCrateError(wrong)
        self.completed = True

    def _take_what_was_before(self) -> None:
        """Keep what attributes were before anything wrote them: their first sample would be the value of all frames before it."""
        first = self._spool.first
        for frame in range(int(first.max(initial=0))):
            code = self._spool.codes[frame]
            groups: dict[str, list[tuple[int, object]]] = {}
            for number in np.flatnonzero(first > frame).tolist():
                target = self._spool.attributes[number].target
                attribute = self._authored.GetAttributeAtPath(target.path)
                value = attribute.Get(code) if attribute else None
                codec = self._spool.attributes[number].codec
                if value is None and codec.array and attribute.GetNumTimeSamples():
                    # Its samples say that there are no elements yet: no values are as good as no value.
                    value = codec.array_of_rows(np.zeros((0, codec.width), codec.dtype))
                if value is not None:
                    groups.setdefault(target.type_name, []).append((number, value))
            for pairs in groups.values():
                self._spool.take_before(frame, np.array([number for number, _ in pairs]), [value for _, value in pairs])

    def _cover(self, first: float, last: float) -> None:
        authored = self._authored
        if authored.GetRootLayer().HasStartTimeCode() or authored.HasAuthoredTimeCodeRange():
            first = min(first, authored.GetStartTimeCode())
        if authored.GetRootLayer().HasEndTimeCode() or authored.HasAuthoredTimeCodeRange():
            last = max(last, authored.GetEndTimeCode())
        self._layer.startTimeCode, self._layer.endTimeCode = first, last
