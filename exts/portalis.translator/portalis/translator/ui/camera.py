"""A camera that goes round a point: as a view of the drawing core, and as matrices for omni.ui.scene; rows and row vectors."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from portalis.translator.pictures.camera import View, lens, looking

Matrix = NDArray[np.float64]


class OrbitCamera:
    """Looks at `target` from `distance`; angles in degrees."""

    def __init__(self, target: NDArray[np.float64], radius: float, *, z_up: bool) -> None:
        self.target = np.array(target, np.float64)
        self.distance = radius * 2.6
        self.radius = radius
        self.heading = 35.0
        self.elevation = 22.0
        self._z_up = z_up

    def turn(self, right: float, up: float) -> None:
        """Go round by degrees."""
        self.heading += right
        self.elevation = min(89.0, max(-89.0, self.elevation + up))

    def approach(self, factor: float) -> None:
        """Multiply the distance."""
        self.distance = min(self.radius * 40.0, max(self.radius * 0.05, self.distance * factor))

    def stand(self, matrix: Matrix, middle: float, radius: float) -> None:
        """Stand where a matrix from the world to a camera says, which looks the same way, around what is `middle` along its way back."""
        axes = matrix[:3, :3]
        place = -matrix[3, :3]
        self.radius = max(radius, 1e-9)
        self.distance = max(float(place[2]) - middle, 1e-9)
        self.target = axes @ (place - np.array([0.0, 0.0, self.distance]))

    def state(self) -> tuple[float, ...]:
        """Return everything that a picture depends on."""
        return (*self.target.tolist(), self.distance, self.heading, self.elevation)

    def seen(self, aspect: float) -> View:
        """Return what it sees in a picture of a shape, as the drawing core takes it."""
        wide, high = lens(aspect)
        return View(self.view(), (-wide, wide, -high, high), False, self.distance * 1e-4, self.distance * 1e4)

    def view(self) -> Matrix:
        """Return the matrix from world to camera space, (4, 4)."""
        axes = looking(self.heading, self.elevation, z_up=self._z_up)
        matrix = np.eye(4)
        matrix[:3, :3] = axes.T
        matrix[3, :3] = -(self.target + axes[2] * self.distance) @ axes.T
        return matrix

    def projection(self, aspect: float) -> Matrix:
        """Return the perspective of a lens that sees 40° of height; `aspect` is width by height."""
        focal = 1.0 / math.tan(math.radians(20.0))
        near, far = self.distance * 0.01, self.distance + self.radius * 20.0
        matrix = np.zeros((4, 4))
        matrix[0, 0], matrix[1, 1] = focal / max(aspect, 1e-3), focal
        matrix[2, 2], matrix[2, 3] = (far + near) / (near - far), -1.0
        matrix[3, 2] = 2.0 * far * near / (near - far)
        return matrix
