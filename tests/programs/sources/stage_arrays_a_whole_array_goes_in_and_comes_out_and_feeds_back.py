def smooth(heights: list[float], gain: float):
    """Pull three heights together.

    >>> smooth([1.0, 2.0, 3.0], 0.5)
    """
    mean = (heights[0] + heights[1] + heights[2]) / 3.0
    heights = [mean + (heights[0] - mean) * gain, mean + (heights[1] - mean) * gain, mean + (heights[2] - mean) * gain]
    return heights
