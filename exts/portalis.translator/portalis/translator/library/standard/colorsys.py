"""`colorsys`: colours from one system of coordinates to another."""

from __future__ import annotations


def _clipped(value):
    if value < 0.0:
        return 0.0
    if value > 1.0:
        return 1.0
    return value


def rgb_to_yiq(r, g, b):
    y = 0.30 * r + 0.59 * g + 0.11 * b
    i = 0.74 * (r - y) - 0.27 * (b - y)
    q = 0.48 * (r - y) + 0.41 * (b - y)
    return (y, i, q)


def yiq_to_rgb(y, i, q):
    r = y + 0.9468822170900693 * i + 0.6235565819861433 * q
    g = y - 0.27478764629897834 * i - 0.6356910791873801 * q
    b = y - 1.1085450346420322 * i + 1.7090069284064666 * q
    return (_clipped(r), _clipped(g), _clipped(b))


def _hue(r, g, b, most, least):
    """Return the hue of a colour whose parts differ."""
    spread = most - least
    red, green, blue = (most - r) / spread, (most - g) / spread, (most - b) / spread
    if r == most:
        found = blue - green
    elif g == most:
        found = 2.0 + red - blue
    else:
        found = 4.0 + green - red
    return (found / 6.0) % 1.0


def _channel(low, high, hue):
    hue = hue % 1.0
    if hue < 1.0 / 6.0:
        return low + (high - low) * hue * 6.0
    if hue < 0.5:
        return high
    if hue < 2.0 / 3.0:
        return low + (high - low) * (2.0 / 3.0 - hue) * 6.0
    return low


def hls_to_rgb(h, l, s):  # noqa: E741 - the name that CPython's has
    if s == 0.0:
        return l, l, l
    high = l * (1.0 + s) if l <= 0.5 else l + s - (l * s)
    low = 2.0 * l - high
    return (_channel(low, high, h + 1.0 / 3.0), _channel(low, high, h), _channel(low, high, h - 1.0 / 3.0))


def rgb_to_hsv(r, g, b):
    most, least = max(r, g, b), min(r, g, b)
    if least == most:
        return 0.0, 0.0, most
    saturation = (most - least) / most
    return _hue(r, g, b, most, least), saturation, most


def hsv_to_rgb(h, s, v):
    if s == 0.0:
        return v, v, v
    sector = int(h * 6.0)
    along = (h * 6.0) - sector
    p = v * (1.0 - s)
    q = v * (1.0 - s * along)
    t = v * (1.0 - s * (1.0 - along))
    sector = sector % 6
    if sector == 0:
        return v, t, p
    if sector == 1:
        return q, v, p
    if sector == 2:
        return p, v, t
    if sector == 3:
        return p, q, v
    if sector == 4:
        return t, p, v
    return v, p, q
