"""Text and controls can be told from what they stand on: the ratios of WCAG 2.2, computed from the style's own colours."""

from __future__ import annotations

from portalis.translator.ui.style import panel_style
from tests.ui.widgets.colours import CONTROL, TEXT, Colour, blended, looked_up, ratio

# What labels stand on where nothing else is said: a panel, a row of tools, a list.
_PLAIN = ("Rectangle::ground", "Rectangle::raised", "Rectangle::field")
_STATES = ("", ":hovered", ":pressed")


def background(kind: str, name: str = "", state: str = "") -> Colour:
    """Return the colour of a surface; what is transparent shows the panel."""
    ground = blended(panel_style()["Rectangle::ground"]["background_color"], (0.0, 0.0, 0.0))
    return blended(looked_up(kind, name, state, "background_color"), ground)


def poor(pairs: list[tuple[str, Colour, str, Colour]], least: float) -> list[str]:
    """Return the pairs whose contrast is too small."""
    return [f"{top} on {under}: {ratio(one, two):.2f}" for top, one, under, two in pairs if ratio(one, two) < least - 0.005]


def buttons() -> list[str]:
    """The name of every kind of button."""
    return sorted({"::".join(["", *key.split(":")[2:3]]) for key in panel_style() if key.startswith("Button:") or key == "Button"})


def test_labels_can_be_read() -> None:
    pairs = []
    for name, values in panel_style().items():
        if not name.startswith("Label") or not values.get("color"):
            continue
        under = ("Rectangle::notice", *_PLAIN) if name == "Label::busy" else _PLAIN
        pairs += [(name, blended(values["color"], background(one)), one, background(one)) for one in under]
    assert len(pairs) > 25 and not poor(pairs, TEXT)


def test_a_selected_row_can_be_read() -> None:
    style = panel_style()
    row = blended(style["TreeView"]["background_selected_color"], (0.0, 0.0, 0.0))
    pairs = [
        (name, blended(style[name]["color"], row), "selected row", row) for name in ("Label", "Label::quiet", "Label::good", "Label::bad")
    ]
    assert not poor(pairs, TEXT)


def test_code_can_be_read_over_its_marks() -> None:
    style = panel_style()
    field = background("Rectangle::field")
    under = {name: blended(style[f"Rectangle::{name}"]["background_color"], field) for name in ("current_line", "selection", "mark_line")}
    kinds = [name for name in style if name.startswith("Label::code")]
    pairs = [(kind, blended(style[kind]["color"], colour), name, colour) for kind in kinds for name, colour in under.items()]
    assert len(pairs) > 20 and not poor(pairs, TEXT)
    # Under the text, where a problem is; the caret.
    line = under["mark_line"]
    marks = [
        (name, blended(style[f"Rectangle::{name}"]["background_color"], line), "a marked line", line) for name in ("mark_span", "caret")
    ]
    assert not poor(marks, CONTROL)


def test_buttons_can_be_read_and_found() -> None:
    text, edge = [], []
    for name in buttons():
        for state in _STATES:
            under = background("Button", name, state)
            text.append((f"label{name}", blended(looked_up("Button.Label", name, state, "color"), under), f"button{name}{state}", under))
        # Of what is off as well: its word tells what there is to do later.
        off = background("Button", name, ":disabled")
        text.append((f"label{name}:disabled", blended(looked_up("Button.Label", name, ":disabled", "color"), off), "disabled", off))
        if looked_up("Button", name, "", "border_width"):
            colour = looked_up("Button", name, "", "border_color")
            edge += [(f"button{name}", blended(colour, background(one)), one, background(one)) for one in _PLAIN]
    assert {"", "::primary", "::tab", "::choice"} <= set(buttons())
    assert not poor(text, TEXT) and not poor(edge, CONTROL)


def test_fields_lists_and_plots_can_be_found() -> None:
    style = panel_style()
    pairs = []
    for name in ("Field", "ComboBox", "Rectangle::field"):
        edge = blended(style[name]["border_color"], background("Rectangle::ground"))
        pairs.append((name, edge, "ground", background("Rectangle::ground")))
    field = background("Rectangle::field")
    for name in ("ScrollingFrame", "Plot"):
        pairs.append((name, blended(style[name]["secondary_color" if name == "ScrollingFrame" else "color"], field), "field", field))
    parts = [name for name in style if name.startswith(("Plot::", "Rectangle::part"))] + ["Rectangle::wanted", "Rectangle::tab_line"]
    for name in parts:
        value = style[name].get("color") or style[name]["background_color"]
        pairs.append((name, blended(value, field), "field", field))
    assert len(pairs) > 10 and not poor(pairs, CONTROL)
    texts = [("ComboBox", "color", "background_color"), ("Field", "color", "background_color"), ("Tooltip", "color", "background_color")]
    for name, front, back in texts:
        under = blended(style[name][back], (0.0, 0.0, 0.0))
        assert ratio(blended(style[name][front], under), under) >= TEXT
