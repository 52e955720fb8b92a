"""What is true of a UR5e, by other ways than the behaviour's: a product of exponentials, a closed form, and the path's own formula.

The product of exponentials (Lynch and Park, Modern Robotics, 2017, chapter 4) knows the robot by the lines about which its joints turn
while all angles are zero, read off its drawing, and shares no frame with the behaviour. The closed form follows from the three joints that
are parallel: it gives all solutions of a pose, at most eight.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

HEIGHT, UPPER_ARM, FOREARM, ASIDE, WRIST, TOOL = 0.1625, 0.425, 0.3922, 0.1333, 0.0997, 0.0996
REACH = UPPER_ARM + FOREARM

# With all angles zero the arm is stretched along -x, and joints 2, 3, 4 and 6 turn about -y. Each joint's line: direction, and a point.
DIRECTIONS = np.array([[0, 0, 1], [0, -1, 0], [0, -1, 0], [0, -1, 0], [0, 0, -1], [0, -1, 0]], dtype=float)
POINTS = np.array(
    [
        [0.0, 0.0, 0.0],
        [0.0, 0.0, HEIGHT],
        [-UPPER_ARM, 0.0, HEIGHT],
        [-REACH, 0.0, HEIGHT],
        [-REACH, -ASIDE, 0.0],
        [-REACH, 0.0, HEIGHT - WRIST],
    ]
)
# The frame of each moving link while all angles are zero: where it is (joint 1's shoulder, the elbow, ..., the tool), and its columns.
AT_REST = np.array(
    [
        [0.0, 0.0, HEIGHT],
        [-UPPER_ARM, 0.0, HEIGHT],
        [-REACH, 0.0, HEIGHT],
        [-REACH, -ASIDE, HEIGHT],
        [-REACH, -ASIDE, HEIGHT - WRIST],
        [-REACH, -ASIDE - TOOL, HEIGHT - WRIST],
    ]
)
Y_DOWN = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]], dtype=float)  # z of the frame along -y of the stage
Z_DOWN = np.diag([1.0, -1.0, -1.0])
TURNED_AT_REST = np.stack([Y_DOWN, Y_DOWN, Y_DOWN, Z_DOWN, Y_DOWN, Y_DOWN])


def link_poses(joints: Array) -> tuple[Array, Array]:
    """Return positions (n, 6, 3) and rotations (n, 6, 3, 3) of the moving links, the tool last, for joint angles (n, 6)."""
    rotation, shift = np.broadcast_to(np.eye(3), (len(joints), 3, 3)), np.zeros((len(joints), 3))
    positions, rotations = [], []
    for i in range(6):
        turn = _turn(DIRECTIONS[i], joints[:, i])
        # A turn about a line through a point: the point stays.
        shift = shift + np.einsum("nij,nj->ni", rotation, POINTS[i] - np.einsum("nij,j->ni", turn, POINTS[i]))
        rotation = rotation @ turn
        positions.append(shift + np.einsum("nij,j->ni", rotation, AT_REST[i]))
        rotations.append(rotation @ TURNED_AT_REST[i])
    return np.stack(positions, axis=1), np.stack(rotations, axis=1)


def tool_pose(joints: Array) -> tuple[Array, Array]:
    """Return the tool's positions (n, 3) and rotations (n, 3, 3) for joint angles (n, 6)."""
    positions, rotations = link_poses(joints)
    return positions[:, -1], rotations[:, -1]


def smallest_singular_value(joints: Array) -> Array:
    """Return the smallest singular value of the Jacobian, metres and radians per radian, for joint angles (n, 6)."""
    rotation, shift = np.broadcast_to(np.eye(3), (len(joints), 3, 3)), np.zeros((len(joints), 3))
    axes, points = [], []
    for i in range(6):
        axes.append(rotation @ DIRECTIONS[i])
        points.append(shift + rotation @ POINTS[i])
        turn = _turn(DIRECTIONS[i], joints[:, i])
        shift = shift + np.einsum("nij,nj->ni", rotation, POINTS[i] - np.einsum("nij,j->ni", turn, POINTS[i]))
        rotation = rotation @ turn
    tool = shift + rotation @ AT_REST[5]
    columns = [np.concatenate([np.cross(axis, tool - point), axis], axis=1) for axis, point in zip(axes, points, strict=True)]
    return np.asarray(np.linalg.svd(np.stack(columns, axis=2), compute_uv=False)[:, -1])


def closed_form(position: Array, rotation: Array) -> Array:
    """Return all solutions (n, 8, 6) of poses (n, 3), (n, 3, 3); those that do not exist are NaN."""
    found = []
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = position - TOOL * rotation[:, :, 2]
        across = np.hypot(centre[:, 0], centre[:, 1])
        for side in (1.0, -1.0):
            base = np.arctan2(centre[:, 1], centre[:, 0]) + side * np.arccos(ASIDE / across) + np.pi / 2
            sine, cosine = np.sin(base), np.cos(base)
            # Everything beyond the base in the plane in which the arm moves: along it, up, and out of it.
            frame = np.stack(
                [np.stack([cosine, sine, 0 * sine], 1), np.tile([0.0, 0.0, 1.0], (len(base), 1)), np.stack([sine, -cosine, 0 * sine], 1)], 1
            )
            seen = frame @ rotation
            bent = np.arccos((np.einsum("ni,ni->n", frame[:, 2], position) - ASIDE) / TOOL)
            for wrist in (bent, -bent):
                sign = np.sign(np.sin(wrist))
                last = np.arctan2(-seen[:, 2, 1] * sign, seen[:, 2, 0] * sign)
                # Undo the last two joints: what is left is turned within the plane alone.
                undone = seen @ np.swapaxes(_turn(np.array([0.0, 0.0, 1.0]), last), 1, 2)
                fifth = _turn(np.array([0.0, 0.0, 1.0]), wrist) @ Y_DOWN.T
                fourth = undone @ np.swapaxes(fifth, 1, 2)
                sum_of_three = np.arctan2(fourth[:, 1, 0], fourth[:, 0, 0])
                # From the wrist's centre back along the tool and the fifth link, to where the fourth joint is.
                there = np.einsum("nij,nj->ni", frame, centre - [0.0, 0.0, HEIGHT]) - WRIST * fourth[:, :, 2]
                x, y = there[:, 0], there[:, 1]
                elbow = np.arccos((x**2 + y**2 - UPPER_ARM**2 - FOREARM**2) / (2.0 * UPPER_ARM * FOREARM))
                for third in (elbow, -elbow):
                    second = np.arctan2(-y, -x) - np.arctan2(FOREARM * np.sin(third), UPPER_ARM + FOREARM * np.cos(third))
                    found.append(np.stack([base, second, third, sum_of_three - second - third, wrist, last], axis=1))
    return np.stack(found, axis=1)


def path(across: Array, along: Array, turn: float, size: float, lean: float) -> tuple[Array, Array]:
    """Return where the tools have to be, positions (n, 3) and rotations (n, 3, 3), after a fraction `turn` of a drawing."""
    east, north = np.sin(2.0 * np.pi * across * turn), np.cos(2.0 * np.pi * along * turn)
    position = np.stack([-0.5 + size * east, -0.15 + size * north, np.full_like(east, 0.1)], axis=1)
    # The tool points down, and leans about y the more, the farther east it is.
    return position, _turn(np.array([0.0, 1.0, 0.0]), lean * east) @ Z_DOWN


def angle_between(left: Array, right: Array) -> Array:
    """Return the angles of the turns between rotations (..., 3, 3), exact for small ones, where the trace says little."""
    chord = np.linalg.norm(left - right, axis=(-2, -1)) / np.sqrt(8.0)
    return np.asarray(2.0 * np.arcsin(np.minimum(chord, 1.0)))


def rotations_of(quaternions: Array) -> Array:
    """Return rotations (..., 3, 3) of quaternions (..., 4), real last, as they are stored; they need not be quite of length 1."""
    x, y, z, w = np.moveaxis(quaternions / np.linalg.norm(quaternions, axis=-1, keepdims=True), -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), (0, 1), (-2, -1))


def _turn(axis: Array, angle: Array) -> Array:
    """Rodrigues' formula: turns (n, 3, 3) about one unit axis by angles (n)."""
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    sine, versine = np.sin(angle)[:, None, None], (2.0 * np.sin(0.5 * angle) ** 2)[:, None, None]
    return np.asarray(np.eye(3) + sine * cross + versine * (cross @ cross))
