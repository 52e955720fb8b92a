"""The light that pictures are taken in, the same for every way of drawing: a sun over the camera's shoulder and a sky; linear colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portalis.translator.pictures.scene import Doubles

SUN = np.array([1.0, 0.97, 0.92]) * 0.78
SKY, GROUND = np.array([0.36, 0.39, 0.43]), np.array([0.22, 0.21, 0.20])
GLOSS, GLOSS_POWER = 0.10, 40.0


@dataclass(frozen=True)
class Background:
    """What is behind everything, above and below, as a screen shows it: red, green, blue of 0 to 1."""

    above: tuple[float, float, float] = (0.72, 0.77, 0.83)
    below: tuple[float, float, float] = (0.93, 0.93, 0.92)


PAPER = Background()


def sun_direction(matrix: Doubles, *, z_up: bool) -> tuple[Doubles, Doubles]:
    """Return the directions to the sun and to the sky in the space of a camera with this matrix from the world."""
    turn = matrix[:3, :3]
    up = (np.array([0.0, 0.0, 1.0]) if z_up else np.array([0.0, 1.0, 0.0])) @ turn
    # To the left of the camera and behind it, and high over the ground even where the camera looks up.
    sun = np.array([-0.45, 0.25, 0.45]) + 0.75 * up
    return sun / np.linalg.norm(sun), up / np.linalg.norm(up)


def as_shown(light: Doubles) -> Doubles:
    """Return linear light as screens show it: the transfer function of sRGB (IEC 61966-2-1)."""
    shown: Doubles = np.where(light <= 0.0031308, light * 12.92, 1.055 * np.maximum(light, 1e-9) ** (1.0 / 2.4) - 0.055)
    return shown
