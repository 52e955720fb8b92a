"""Tab outside the text: from field to field of what is shown, in the order in which they are read."""

from __future__ import annotations

from tests.ui.widgets.states import BALL, LIFT
from tests.ui.widgets.user import StudioUser


def test_tab_walks_the_fields_of_the_table_of_ports_in_reading_order(studio: StudioUser) -> None:
    studio.model.load(LIFT, "lift.py")
    studio.select(BALL)
    studio.translate()
    names = ["port_input_position", "port_input_delta_time", "port_output_position"]
    fields = [studio.find(name) for name in names]
    places = [(field.screen_position_y, field.screen_position_x) for field in fields]
    assert places == sorted(places)
    begun: list[str] = []
    subscriptions = [
        field.model.subscribe_begin_edit_fn(lambda _, name=name: begun.append(name)) for name, field in zip(names, fields, strict=True)
    ]
    studio.click(names[0])
    for _ in names:
        studio.press("tab")
        studio.frames(3)
    assert begun == [*names, names[0]] and studio.model.text == LIFT
    del subscriptions
