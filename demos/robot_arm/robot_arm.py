"""A UR5e: forward kinematics from its table, inverse kinematics by damped least squares, and a tool that follows a path."""

import math

from pxr import Gf

# The UR5e's Denavit-Hartenberg parameters (Universal Robots, "Parameters for calculations of kinematics and dynamics"): metres, and the
# sines and cosines of the twists of 90, 0, 0, 90, -90 and 0 degrees.
D = (0.1625, 0.0, 0.0, 0.1333, 0.0997, 0.0996)
A = (0.0, -0.425, -0.3922, 0.0, 0.0, 0.0)
SINE = (1.0, 0.0, 0.0, 1.0, -1.0, 0.0)
COSINE = (0.0, 1.0, 1.0, 0.0, 0.0, 1.0)

JOINTS = 6
# A pose is met where the tool is within so many metres, and turned within so many radians, of it.
TOLERANCE = 1e-8
LONGEST_STEP = 0.5
DAMPING = 0.01
ITERATIONS = 100
RESTARTS = 8
# Fractions of a turn by which a joint's start moves on from one attempt to the next, so that the starts spread over all postures.
STRIDES = (0.8567, 0.7339, 0.6287, 0.5386, 0.4614, 0.3953)

ITERATIONS_A_FRAME = 2
SIZE = 0.15
LEAN = 0.3


def link(x, y, z, point, joint, angle):
    """The next frame of the chain, its axes and its origin: turned by the joint about z, moved along z and x, and twisted about x."""
    cosine = math.cos(angle)
    sine = math.sin(angle)
    across = x * cosine + y * sine
    up = y * cosine - x * sine
    point = point + z * D[joint] + across * A[joint]
    return across, up * COSINE[joint] + z * SINE[joint], z * COSINE[joint] - up * SINE[joint], point


def pose_of(x, y, z, point):
    """The matrix of a frame: its rows are the axes and the origin."""
    return Gf.Matrix4d(
        x[0], x[1], x[2], 0.0,
        y[0], y[1], y[2], 0.0,
        z[0], z[1], z[2], 0.0,
        point[0], point[1], point[2], 1.0,
    )  # fmt: skip


def chain(joints):
    """The pose of the tool, and of every joint the line about which it turns: a direction and a point, three numbers each."""
    x = Gf.Vec3d(1.0, 0.0, 0.0)
    y = Gf.Vec3d(0.0, 1.0, 0.0)
    z = Gf.Vec3d(0.0, 0.0, 1.0)
    point = Gf.Vec3d(0.0, 0.0, 0.0)
    lines = [0.0] * 18
    points = [0.0] * 18
    for j in range(JOINTS):
        for k in range(3):
            lines[3 * j + k] = z[k]
            points[3 * j + k] = point[k]
        x, y, z, point = link(x, y, z, point, j, joints[j])
    return pose_of(x, y, z, point), lines, points


def misfit(tool, target):
    """What separates the tool from a pose: the way there, and the axis of the turn times its angle."""
    away = target.GetRow3(3) - tool.GetRow3(3)
    axis = Gf.Vec3d(0.0, 0.0, 0.0)
    cosine = -0.5
    for k in range(3):
        axis = axis + Gf.Cross(tool.GetRow3(k), target.GetRow3(k)) * 0.5
        cosine += 0.5 * Gf.Dot(tool.GetRow3(k), target.GetRow3(k))
    sine = axis.GetLength()
    if sine > 0.0:
        axis = axis * (math.atan2(sine, cosine) / sine)
    return away, axis


def damped_step(joints, lines, points, tool, away, axis):
    """The joints after a step of damped least squares, J^T (J J^T + damping)^-1 error, which stays finite where the robot is singular.

    After Buss, Introduction to Inverse Kinematics with Jacobian Transpose, Pseudoinverse and Damped Least Squares Methods, 2009; the
    damping goes as the square of what is missing, so that the last steps are Newton's.
    """
    jacobian = [0.0] * 36
    for j in range(JOINTS):
        about = Gf.Vec3d(lines[3 * j], lines[3 * j + 1], lines[3 * j + 2])
        moved = Gf.Cross(about, tool.GetRow3(3) - Gf.Vec3d(points[3 * j], points[3 * j + 1], points[3 * j + 2]))
        for k in range(3):
            jacobian[6 * k + j] = moved[k]
            jacobian[6 * k + 18 + j] = about[k]
    error = [away[0], away[1], away[2], axis[0], axis[1], axis[2]]
    damping = 1e-12 + DAMPING * (Gf.Dot(away, away) + Gf.Dot(axis, axis))

    # Cholesky's factor of J J^T + damping, row by row, and on the way the first of the two triangular systems.
    factor = [0.0] * 36
    for i in range(JOINTS):
        for j in range(i + 1):
            total = damping if i == j else 0.0
            for k in range(JOINTS):
                total += jacobian[6 * i + k] * jacobian[6 * j + k]
            for k in range(j):
                total -= factor[6 * i + k] * factor[6 * j + k]
            factor[6 * i + j] = math.sqrt(total) if i == j else total / factor[6 * j + j]
        for k in range(i):
            error[i] -= factor[6 * i + k] * error[k]
        error[i] /= factor[6 * i + i]
    for i in range(JOINTS - 1, -1, -1):
        for k in range(i + 1, JOINTS):
            error[i] -= factor[6 * k + i] * error[k]
        error[i] /= factor[6 * i + i]

    step = [0.0] * 6
    longest = LONGEST_STEP
    for j in range(JOINTS):
        for i in range(JOINTS):
            step[j] += jacobian[6 * i + j] * error[i]
        longest = max(longest, abs(step[j]))
    stepped = [0.0] * 6
    for j in range(JOINTS):
        stepped[j] = joints[j] + step[j] * (LONGEST_STEP / longest)
    return stepped


def forward(arm: Gf.Vec3d, wrist: Gf.Vec3d):
    """The tool's pose for six joint angles: base, shoulder and elbow in `arm`, the other three in `wrist`."""
    pose, _, _ = chain([arm[0], arm[1], arm[2], wrist[0], wrist[1], wrist[2]])
    position = pose.GetRow3(3)
    return pose, position


def inverse(arm: Gf.Vec3d, wrist: Gf.Vec3d, iterations: int, restarts: int, solved: bool, target: Gf.Matrix4d, index: int):
    """Find joint angles for a pose, one iteration a frame; an attempt that has had all of its iterations starts again from elsewhere."""
    joints = [arm[0], arm[1], arm[2], wrist[0], wrist[1], wrist[2]]
    if not solved:
        tool, lines, points = chain(joints)
        away, axis = misfit(tool, target)
        if away.GetLength() <= TOLERANCE and axis.GetLength() <= TOLERANCE:
            solved = True
        elif iterations < ITERATIONS:
            joints = damped_step(joints, lines, points, tool, away, axis)
            iterations += 1
        elif restarts < RESTARTS:
            restarts += 1
            iterations = 0
            for j in range(JOINTS):
                joints[j] = math.tau * math.fmod(STRIDES[j] * (index + restarts), 1.0) - math.pi
    arm = Gf.Vec3d(joints[0], joints[1], joints[2])
    wrist = Gf.Vec3d(joints[3], joints[4], joints[5])
    return arm, wrist, iterations, restarts, solved


def path(across, along, turn):
    """Where the tool is to be after a fraction `turn` of a drawing: on Lissajous's figure on the table, leaning outwards from it."""
    east = math.sin(across * turn * math.tau)
    north = math.cos(along * turn * math.tau)
    point = Gf.Vec3d(-0.5 + SIZE * east, -0.15 + SIZE * north, 0.1)
    z = Gf.Vec3d(-math.sin(LEAN * east), 0.0, -math.cos(LEAN * east))
    x = Gf.Vec3d(math.cos(LEAN * east), 0.0, -math.sin(LEAN * east))
    return pose_of(x, Gf.Cross(z, x), z, point)


def follow(arm: Gf.Vec3d, wrist: Gf.Vec3d, across: float, along: float, period: float, current_time: float):
    """Keep the tool on its path, from the joint angles of the frame before."""
    target = path(across, along, current_time / period)
    joints = [arm[0], arm[1], arm[2], wrist[0], wrist[1], wrist[2]]
    for _ in range(ITERATIONS_A_FRAME):
        tool, lines, points = chain(joints)
        away, axis = misfit(tool, target)
        joints = damped_step(joints, lines, points, tool, away, axis)
    arm = Gf.Vec3d(joints[0], joints[1], joints[2])
    wrist = Gf.Vec3d(joints[3], joints[4], joints[5])
    return arm, wrist


def links(arm: Gf.Vec3d, wrist: Gf.Vec3d, position: Gf.Vec3d):
    """Where the six moving links of a robot that stands at `position` are, and how they are turned."""
    x, y, z, shoulder = link(Gf.Vec3d(1.0, 0.0, 0.0), Gf.Vec3d(0.0, 1.0, 0.0), Gf.Vec3d(0.0, 0.0, 1.0), position, 0, arm[0])
    shoulder_turn = pose_of(x, y, z, shoulder).ExtractRotationQuat()
    x, y, z, upper = link(x, y, z, shoulder, 1, arm[1])
    upper_turn = pose_of(x, y, z, upper).ExtractRotationQuat()
    x, y, z, fore = link(x, y, z, upper, 2, arm[2])
    fore_turn = pose_of(x, y, z, fore).ExtractRotationQuat()
    x, y, z, first = link(x, y, z, fore, 3, wrist[0])
    first_turn = pose_of(x, y, z, first).ExtractRotationQuat()
    x, y, z, second = link(x, y, z, first, 4, wrist[1])
    second_turn = pose_of(x, y, z, second).ExtractRotationQuat()
    x, y, z, tool = link(x, y, z, second, 5, wrist[2])
    tool_turn = pose_of(x, y, z, tool).ExtractRotationQuat()
    tip = Gf.Vec3d(tool)
    return tip, shoulder, shoulder_turn, upper, upper_turn, fore, fore_turn, first, first_turn, second, second_turn, tool, tool_turn
