"""Bindings of the selected prims: made, made again, switched, taken away and taken back, each as one edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from portalis.translator.diagnostics import TranslationError
from portalis.translator.ui.host import Edit, EditName, Listeners
from portalis.translator.ui.models.ports import Behaviour, bound_to
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.stage.plan.bindings import PrimBinding
    from portalis.translator.stage.problems import StageProblem
    from portalis.translator.ui.host import Host
    from portalis.translator.ui.models.document import Document
    from portalis.translator.ui.models.ports import PortsModel
    from portalis.translator.ui.models.problems import Tabs, Tone
    from portalis.translator.ui.models.replacing import Replacing
    from portalis.translator.ui.models.run import RunModel
    from portalis.translator.ui.models.translators import ShownTranslation


class Window(Protocol):
    """What of the window an edit needs, and whom it tells."""

    host: Host
    run: RunModel
    ports: PortsModel
    document: Document
    translated: ShownTranslation | None
    not_bound: tuple[StageProblem, ...]
    replacing: Replacing

    @property
    def tabs(self) -> Tabs:
        """The tabs beside the code."""

    @property
    def text(self) -> str:
        """The text in the editor."""

    def load(self, text: str, title: str, path: Path | None = None, function: str = "", module: str = "") -> None:
        """Put a text into the editor."""

    def refuse(self, error: Exception) -> None:
        """Show what a text is refused for."""

    def ports_changed(self) -> None:
        """Have the answer of `bind` asked for again."""

    def say(self, message: str, tone: Tone = "plain") -> None:
        """Show news."""


class GivenEdit:
    """A binding of a behaviour to prims that authors what was given for its ports; undo has it wait again, where they are at hand."""

    def __init__(self, edit: Edit, window: Window, behaviour: str, paths: tuple[str, ...]) -> None:
        self.name: EditName = edit.name
        self.label = edit.label
        self._edit = edit
        self._window = window
        self._of = behaviour, paths
        self._given = window.ports.all_given

    def do(self) -> None:
        """Bind."""
        self._edit.do()
        if self._is_at_hand():
            self._window.ports.applied(self._given)

    def undo(self) -> None:
        """Take it back."""
        self._edit.undo()
        if self._is_at_hand():
            self._window.ports.taken_back(self._given)

    def _is_at_hand(self) -> bool:
        behaviour = self._window.ports.behaviour
        return behaviour is not None and (behaviour.interface.name, tuple(self._window.host.selection())) == self._of


class BindingsModel:
    """What can be done with bindings in a window whose model is `window`; it tells there what became of it."""

    def __init__(self, window: Window) -> None:
        self._window = window
        # What the last edit was refused with.
        self.refusal = ""
        # What is asked because of the selection, in words.
        self._followed = ""
        # Told when the stage may have others.
        self.changed = Listeners()
        self.changed.add(self._look_again)
        # The stage that was looked at, and whether something is bound on it.
        self._looked_at: Any = None
        self._somewhere = False

    def why_not_bind(self) -> str:
        """Say why Bind cannot be pressed; empty where it can."""
        translated = self._window.translated
        if translated is None:
            return "translate first"
        if translated.source.text != self._window.text:
            return "the text changed: translate again"
        if translated.interface is None:
            return "only a behaviour can be bound: return outputs by name, or write a class with on_update"
        if self._window.host.stage is None:
            return "open a stage"
        return "" if self._window.host.selection() else "select a prim"

    def what_waits_for(self) -> str:
        """Say what to press before what was chosen for ports runs."""
        return "press Translate, then Bind again" if "translate" in self.why_not_bind() else "press Bind again"

    def bind(self) -> None:
        """Bind what was translated to the selected prims, as one edit that can be undone."""
        if why_not := self.why_not_bind():
            self._window.say(why_not, "bad")
            return
        from portalis.translator.stage.author.binding import default_instance_name
        from portalis.translator.stage.author.trust import Approvals, settings_folder
        from portalis.translator.stage.author.undo import BindEdit

        translated, paths = self._window.translated, tuple(self._window.host.selection())
        assert translated is not None and translated.interface is not None
        # What is bound already under its name is replaced, with the wires that it has.
        self._window.ports.refresh(self._window.host.stage, paths)
        edit = BindEdit(
            self._window.host.stage,
            paths,
            translated.source,
            translated.interface,
            Approvals(settings_folder()),
            self._window.run.engine(),
            inputs=self._window.ports.given("input"),
            outputs=self._window.ports.given("output"),
            rebind=self._window.ports.rebinds,
        )
        verb = "bound again" if self._window.ports.rebinds else "bound"
        if not self._perform(GivenEdit(edit, self._window, translated.interface.name, paths), paths, "not bound"):
            return
        name = default_instance_name(translated.interface.name)
        bound = next(item for item in bound_to(self._window.host.stage, paths[0]) if item.key.instance == name)
        self._window.document.keep(bound.modules[0])
        self._window.not_bound = tuple(edit.warnings)
        odd = f", but {edit.warnings[0].message}" if edit.warnings else ""
        self._window.say(f"{verb} {translated.name} to {counted(len(paths), 'prim')}{odd}", "bad" if odd else "good")

    def selected(self) -> list[PrimBinding]:
        """Return the bindings of the selected prims."""
        stage = self._window.host.stage
        return [item for path in self._window.host.selection() for item in bound_to(stage, path)] if stage is not None else []

    @property
    def somewhere(self) -> bool:
        """Whether something is bound anywhere on the stage."""
        stage = self._window.host.stage
        if stage is not self._looked_at:
            from portalis.translator.stage.plan.discovery import bindings_of

            self._looked_at = stage
            self._somewhere = stage is not None and any(any(bindings_of(prim)) for prim in stage.Traverse())
        return self._somewhere

    def _look_again(self) -> None:
        self._looked_at = None
        self.look_at_module()

    def look_at_module(self) -> None:
        """See whether the stage still has the text of the editor's module: an undo, or whoever edits the stage, may take it away."""
        document = self._window.document
        if self._window.host.stage is not None and document.module:
            document.look_at_module(self._text_of(document.module))

    def find_module(self) -> None:
        """Have recovered text be that of the stage's module that it came from."""
        left = self._window.document.waits_for
        text = self._text_of(left.module) if left is not None and left.module and self._window.host.stage is not None else None
        if text is not None:
            self._window.document.rejoin_module(text)

    def _text_of(self, module: str) -> str | None:
        from portalis.translator.stage.plan.modules import read_module
        from portalis.translator.stage.problems import StageError

        try:
            return read_module(self._window.host.stage, module).source.text
        except StageError:
            return None

    def unbind(self, these: Sequence[PrimBinding] | None = None) -> None:
        """Take bindings away, those of the selected prims where none are given, as one edit that can be undone."""
        from portalis.translator.stage.author.undo import UnbindEdit

        bindings = self.selected() if these is None else these
        if not bindings:
            self._window.say("the selected prims have no binding", "bad")
            return
        edit = UnbindEdit(self._window.host.stage, bindings)
        if self._perform(edit, [item.key.path for item in bindings], "not unbound"):
            left = f"; left {edit.left[0].path}: {edit.left[0].why}" if edit.left else ""
            self._window.say(f"unbound {counted(len(bindings), 'binding')}{left}", "good")

    def switch(self, enabled: bool, these: Sequence[PrimBinding] | None = None) -> None:
        """Enable or disable bindings, those of the selected prims where none are given, as one edit that can be undone."""
        from portalis.translator.stage.author.undo import SwitchEdit

        bindings = [item for item in (self.selected() if these is None else these) if item.enabled != enabled]
        word = "enabled" if enabled else "disabled"
        if not bindings:
            self._window.say(f"nothing here to be {word}", "bad")
            return
        edit = SwitchEdit(self._window.host.stage, bindings, enabled, self._window.run.engine())
        if self._perform(edit, [item.key.path for item in bindings], f"not {word}"):
            self._window.say(f"{word} {counted(len(bindings), 'binding')}", "good")

    def _perform(self, edit: Edit, prims: Sequence[str], what_not: str) -> bool:
        """Make an edit of these prims; where it is refused, show every reason."""
        from portalis.translator.stage.problems import StageError

        try:
            self._window.host.perform(edit)
        except StageError as error:
            self._window.not_bound = error.problems
            self._window.tabs.show("Problems")
            self.refusal = f"{what_not}: {error.problems[0].message}"
            self._window.say(self.refusal, "bad")
            return False
        self._window.not_bound = ()
        self._window.run.edited(prims)
        self.changed.tell()
        self._window.ports_changed()
        return True

    def undo(self) -> None:
        """Take the last edit back, where the window keeps the history."""
        history = self._window.host.history()
        if history is not None and history.to_undo():
            self._step(history.undo, "undone")

    def redo(self) -> None:
        """Make the last edit again, where the window keeps the history."""
        history = self._window.host.history()
        if history is not None and history.to_redo():
            self._step(history.redo, "made again")

    def _step(self, step: Callable[[], str], done: str) -> None:
        from portalis.translator.stage.problems import StageError

        try:
            label = step()
        except StageError as error:
            self._window.say(f"not {done}: {error.problems[0].message}", "bad")
            return
        self._window.run.edited()
        self.changed.tell()
        self._window.ports_changed()
        self._window.say(f"{done}: {label}", "plain")

    # ---------------------------------------------------------------------------------------------------- code of bindings
    @property
    def asks(self) -> bool:
        """Whether it is asked, because of what is selected, what becomes of text that is not saved."""
        return bool(self._followed) and self._window.replacing.what == self._followed

    def follow_selection(self) -> None:
        """Show the code of the first selected binding, unless text that is not saved is of a selected one; ask before it is lost."""
        window = self._window
        if self.asks:
            window.replacing.withdraw()
        own = any(window.document.module in item.modules for item in self.selected())
        if window.replacing.what or (window.document.unsaved and own):
            return
        self.open_code()
        self._followed = window.replacing.what

    def open_code(self, this: PrimBinding | None = None) -> None:
        """Put the code of a binding into the editor, that of the first selected one where none is given; ask before text is lost."""
        binding = this or next(iter(self.selected()), None)
        if binding is not None and binding.modules:
            self._window.replacing.before(f"opening the code of {binding.key.path}", lambda: self._open_code(binding), stage=False)

    def _open_code(self, binding: PrimBinding) -> None:
        from portalis.translator.stage.plan.modules import read_module
        from portalis.translator.stage.problems import StageError

        window, path = self._window, binding.modules[0]
        try:
            module = read_module(window.host.stage, path)
            shown = window.ports.behaviour.interface.name if window.ports.behaviour is not None else ""
            if (module.source.text, path, binding.function) == (window.text, window.document.module, shown):
                return
            window.load(module.source.text, path, function=binding.function, module=path)
            interface = window.run.engine().interface(module.source, binding.function)
        except StageError as error:
            # No other code is shown beside what is wrong with this one.
            window.load("", path, module=path)
            window.not_bound = error.problems
            window.say(error.problems[0].message, "bad")
        except TranslationError as error:
            window.refuse(error)
        else:
            window.ports.take(Behaviour(module.source, interface))
            window.ports_changed()
            window.say(f"{binding.function} of {binding.key.path}: translate it to change it", "plain")
