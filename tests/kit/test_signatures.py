"""Every call of Kit's API is one that Kit has, with the parameters that Kit takes; and the fakes are no friendlier than Kit."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kit.fakes import RETURNED, KitFake
from tests.kit.signatures import CONSTANTS, ONLY_IN_OVUI, SIGNATURES, WIDGETS

EXTENSIONS = Path(__file__).parents[2] / "exts"
TRANSLATOR = EXTENSIONS / "portalis.translator" / "portalis" / "translator"
HOSTS = (
    TRANSLATOR / "extension.py",
    *sorted((TRANSLATOR / "ui" / "kit").rglob("[a-z]*.py")),
    EXTENSIONS / "portalis.schema" / "portalis" / "schema" / "registration.py",
)
# What Kit shows; the studio's own files may use anything that ovui has.
WINDOW = (*sorted((TRANSLATOR / "ui" / "panels").glob("[a-z]*.py")), TRANSLATOR / "ui" / "style.py", *HOSTS)
# What has methods of the same names and is none of Kit's.
OUR_OWN = (
    "self",
    "self._edit",
    "self._session",
    "self._model",
    "pad",
    "self._status_bar",
    "self.host",
    "ui.Workspace",
    "self.tree",
    "self.model.tabs",
    "self.host.timeline",
    "self.model",
    "self.panel",
    "self.window",
    "os.environ",
    "by_line",
)
METHODS = {name.rpartition(".")[2] for name in SIGNATURES}


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` for a chain of attributes, and an empty string for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (base := dotted(node.value)):
        return f"{base}.{node.attr}"
    return ""


def imported(tree: ast.Module) -> dict[str, str]:
    """Return the names that a module imports from Kit, with what they stand for."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(("omni.kit", "carb")):
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def parameters(text: str) -> inspect.Signature:
    """Turn an entry of the table into a signature."""
    kinds = inspect.Parameter
    found = []
    for word in text.split():
        if word.startswith("**"):
            found.append(kinds(word[2:], kinds.VAR_KEYWORD))
        else:
            # The order in Kit puts parameters with a default first here and there; such calls are by keyword anyway.
            found.append(
                kinds(word.rstrip("="), kinds.POSITIONAL_OR_KEYWORD, default=None if "=" in text or word.endswith("=") else kinds.empty)
            )
    return inspect.Signature(found)


def kit_calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of Kit in a module: by its dotted name, or by the method's name where it is one of the table's."""
    tree = parsed(path)
    names = imported(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func)
        root = name.partition(".")[0]
        if name.startswith(("omni.", "carb.")) and not name.startswith("omni.ui"):
            yield name, node
        elif root in names:
            yield names[root] + name[len(root) :], node
        elif isinstance(node.func, ast.Attribute) and node.func.attr in METHODS and dotted(node.func.value) not in OUR_OWN:
            yield f"*.{node.func.attr}", node


def entry_of(name: str) -> str | None:
    if not name.startswith("*."):
        return name if name in SIGNATURES else None
    return next((entry for entry in SIGNATURES if entry.endswith(name[1:])), None)


@pytest.mark.parametrize("path", HOSTS, ids=lambda path: path.name)
def test_every_call_of_kit_is_in_the_table(path: Path) -> None:
    for name, call in kit_calls(path):
        entry = entry_of(name)
        assert entry is not None, f"{path.name}:{call.lineno}: {name} is not known to be in Kit"
        keywords = {keyword.arg: None for keyword in call.keywords if keyword.arg}
        arguments: list[Any] = [None] * len(call.args)
        parameters(SIGNATURES[entry]).bind(*arguments, **keywords)


def test_the_calls_that_are_made_are_found() -> None:
    found = {entry_of(name) for path in HOSTS for name, _ in kit_calls(path)}
    assert {
        "omni.usd.get_context",
        "omni.kit.commands.execute",
        "omni.timeline.ITimeline.is_playing",
        "carb.settings.ISettings.get",
    } <= found
    unused = {name for name in SIGNATURES if name not in found}
    # Kit calls these, or hands them on.
    assert unused <= {
        "omni.ext.IExt.on_startup",
        "omni.ext.IExt.on_shutdown",
        "omni.kit.commands.Command.do",
        "omni.kit.commands.Command.undo",
        "omni.kit.widget.text_editor.TextEditor",
        "omni.kit.window.preferences.PreferenceBuilder",
        "omni.kit.window.preferences.PreferenceBuilder.build",
        "omni.kit.window.property.property_widget.PropertyWidget",
        "omni.kit.window.property.property_widget.PropertyWidget.build_impl",
        "omni.kit.window.property.property_widget.PropertyWidget.on_new_payload",
        "omni.kit.window.property.property_widget.PropertyWidget.reset",
    }, unused


@pytest.mark.parametrize("path", HOSTS, ids=lambda path: path.name)
def test_every_constant_of_kit_is_in_the_table(path: Path) -> None:
    tree = parsed(path)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    bases = {dotted(base) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in called and node.attr.isupper():
            name = dotted(node)
            if name.startswith(("omni.", "carb.")) and not name.startswith("omni.ui"):
                assert name in CONSTANTS, f"{path.name}:{node.lineno}: {name}"
    assert {base for base in bases if base.startswith(("omni.", "carb."))} <= {
        "omni.ext.IExt",
        "omni.kit.commands.Command",
        "omni.kit.test.AsyncTestCase",
        "omni.kit.window.preferences.PreferenceBuilder",
    }


def test_the_fakes_take_what_kit_takes() -> None:
    names = KitFake().names()
    for entry, text in SIGNATURES.items():
        owner, _, method = entry.rpartition(".")
        found = names.get(entry) or getattr(RETURNED.get(owner) or names.get(owner), method)
        ours = [name for name in inspect.signature(found).parameters if name != "self"]
        assert ours == [word.strip("*=") for word in text.split()], entry
    for name, value in CONSTANTS.items():
        owner, _, attribute = name.rpartition(".")
        assert (names[name] if name in names else getattr(names[owner], attribute)) == value, name


@pytest.mark.parametrize("path", WINDOW, ids=lambda path: path.name)
def test_the_window_uses_widgets_that_kit_has(path: Path) -> None:
    tree = parsed(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "ui":
            assert node.attr in WIDGETS, f"{path.name}:{node.lineno}: ui.{node.attr}"
        if isinstance(node, ast.Attribute):
            assert node.attr not in ONLY_IN_OVUI, f"{path.name}:{node.lineno}: {node.attr}"
        if isinstance(node, ast.keyword):
            assert node.arg not in ONLY_IN_OVUI, f"{path.name}:{node.value.lineno}: {node.arg}="
