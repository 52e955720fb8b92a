"""A camera that goes round a point: matrices for omni.ui.scene, which takes rows and row vectors."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

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

    def view(self) -> Matrix:
        """Return the matrix from world to camera space, (4, 4)."""
        heading, elevation = math.radians(self.heading), math.radians(self.elevation)
        flat, height = math.cos(elevation), math.sin(elevation)
        back = np.array([flat * math.sin(heading), height, flat * math.cos(heading)])
        up = np.array([0.0, 1.0, 0.0])
        if self._z_up:
            back, up = np.array([back[0], -back[2], back[1]]), np.array([0.0, 0.0, 1.0])
        right = np.cross(up, back)
        right /= np.linalg.norm(right)
        above = np.cross(back, right)
        matrix = np.eye(4)
        matrix[:3, 0], matrix[:3, 1], matrix[:3, 2] = right, above, back
        matrix[3, :3] = -(self.target + back * self.distance) @ matrix[:3, :3]
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
