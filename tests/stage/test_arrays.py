"""Array bindings: one call takes and gives whole arrays, as lists of fixed length."""

from __future__ import annotations

from pxr import Sdf, Usd

from tests.stage.conftest import BindSource, Simulate

SMOOTH = '''\
def smooth(heights: list[float], gain: float):
    """Pull three heights together.

    >>> smooth([1.0, 2.0, 3.0], 0.5)
    """
    mean = (heights[0] + heights[1] + heights[2]) / 3.0
    heights = [mean + (heights[0] - mean) * gain, mean + (heights[1] - mean) * gain, mean + (heights[2] - mean) * gain]
    return heights
'''


def _grid(stage: Usd.Stage, values: list[float]) -> Usd.Attribute:
    attribute = stage.DefinePrim("/World/Grid").CreateAttribute("heights", Sdf.ValueTypeNames.FloatArray)
    attribute.Set(values)
    return attribute


def test_a_whole_array_goes_in_and_comes_out_and_feeds_back(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    heights = _grid(stage, [0.0, 4.0, 8.0])
    bind_source(stage, "/World/Grid", SMOOTH, kind="array", inputs={"gain": "0.5"})
    with simulate(stage) as simulation:
        simulation.run(2)
        assert list(heights.Get()) == [3.0, 4.0, 5.0]
    assert list(heights.Get()) == [0.0, 4.0, 8.0]


def test_an_array_of_another_length_is_a_named_failure(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    heights = _grid(stage, [0.0, 4.0])
    bind_source(stage, "/World/Grid", SMOOTH, kind="array", inputs={"gain": "0.5"})
    with simulate(stage) as simulation:
        simulation.step()
        assert list(heights.Get()) == [0.0, 4.0]
        assert [error.error for error in simulation.report().first_errors] == ["an input has no value"]
