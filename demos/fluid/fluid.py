"""A fluid in a box whose opposite sides are one: flux form on a staggered grid, made free of divergence by multigrid.

Cell (i, j, k) of an n × n × n grid is element (i * n + j) * n + k of a list. `velocity[axis]` stands on the cell's lower face across that
axis; pressure (over density) and dye stand in its middle.
"""

import math


class Grid:
    """The grid: for each axis and cell, the neighbour below and the neighbour above."""

    def __init__(self, n: int, size: float):
        self.n = n
        self.spacing = size / n
        numbers = range(n * n * n)
        self.below = [[c + ((c // s - 1) % n - c // s % n) * s for c in numbers] for s in (n * n, n, 1)]
        self.above = [[c + ((c // s + 1) % n - c // s % n) * s for c in numbers] for s in (n * n, n, 1)]


def advance(
    velocity: list[list[float]],
    pressure: list[float],
    dye: list[float],
    points: list[list[float]],
    n: int,
    size: float,
    seconds: float,
    viscosity: float,
    lift: float,
) -> tuple[list[list[float]], list[float], list[float], list[float], list[list[float]]]:
    """Advance by one step, and return velocity, pressure, dye, the divergence before projection, and the velocities at points.

    Dye lifts along the last axis, against its mean, so that the box as a whole is not pushed. In metres and seconds, density 1.
    """
    cells = n * n * n
    if n < 2 or len(velocity) != 3 or any(len(part) != cells for part in (*velocity, pressure, dye)):
        raise ValueError("the fields do not fit the grid")
    grid = Grid(n, size)
    # The middle of the step, with the pressure of the step before: an error of second order in half a step.
    half = 0.5 * seconds
    middle = pushed(velocity, rates(grid, velocity, dye, viscosity, lift), half)
    middle = less_gradient(grid, middle, pressure, half)
    after = pushed(velocity, rates(grid, middle, dye, viscosity, lift), seconds)
    divergence = divergence_of(grid, after)
    pressure = solve(grid, pressure, [value / seconds for value in divergence])
    after = less_gradient(grid, after, pressure, seconds)
    carriers = [[0.5 * (old + new) for old, new in zip(velocity[axis], after[axis], strict=True)] for axis in range(3)]
    # In two halves, since no more may leave a cell than is in it.
    dye = carried(grid, carried(grid, dye, carriers, half), carriers, half)
    return after, pressure, dye, divergence, velocities_at(after, points, n, size)


def pushed(velocity: list[list[float]], rate: list[list[float]], seconds: float) -> list[list[float]]:
    """Return the velocity after it changed at a rate for so many seconds."""
    return [[value + seconds * change for value, change in zip(velocity[axis], rate[axis], strict=True)] for axis in range(3)]


def rates(grid: Grid, velocity: list[list[float]], dye: list[float], viscosity: float, lift: float) -> list[list[float]]:
    """Return how fast the velocity changes by advection, viscosity and lift, but for pressure."""
    cells = len(dye)
    found = []
    for axis in range(3):
        rate = [0.0] * cells
        for across in range(3):
            add_fluxes(grid, rate, velocity[axis], velocity[across], axis, across, viscosity)
        found.append(rate)
    mean = sum(dye) / cells
    rate, below = found[2], grid.below[2]
    for c in range(cells):
        rate[c] += lift * (0.5 * (dye[c] + dye[below[c]]) - mean)
    return found


def add_fluxes(grid: Grid, rate: list[float], carried: list[float], carrier: list[float], axis: int, across: int, viscosity: float) -> None:
    """Add what crosses the faces of one axis: what one control volume loses, its neighbour gains."""
    below, behind = grid.below[across], grid.below[axis]
    drag = viscosity / grid.spacing
    scale = 1.0 / grid.spacing
    for c in range(len(rate)):
        b = below[c]
        inside, outside = carried[c], carried[b]
        flux = 0.25 * (inside + outside) * (carrier[c] + carrier[behind[c]]) - drag * (inside - outside)
        rate[c] += scale * flux
        rate[b] -= scale * flux


def carried(grid: Grid, dye: list[float], velocity: list[list[float]], seconds: float) -> list[float]:
    """Return the dye after so many seconds: upwind fluxes of second order with van Leer's limiter, as much in as out."""
    result = dye.copy()
    ratio = seconds / grid.spacing
    for axis in range(3):
        below, above, carrier = grid.below[axis], grid.above[axis], velocity[axis]
        slopes = [limited(dye[c] - dye[below[c]], dye[above[c]] - dye[c]) for c in range(len(dye))]
        for c in range(len(dye)):
            b = below[c]
            share = ratio * carrier[c]
            blown = dye[b] + 0.5 * (1.0 - share) * slopes[b] if share > 0.0 else dye[c] - 0.5 * (1.0 + share) * slopes[c]
            flux = share * blown
            result[c] += flux
            result[b] -= flux
    return result


def limited(left: float, right: float) -> float:
    """Return the harmonic mean of two differences of one sign; at an extreme, zero."""
    product = left * right
    return 2.0 * product / (left + right) if product > 0.0 else 0.0


def divergence_of(grid: Grid, velocity: list[list[float]]) -> list[float]:
    """Return what flows out of each cell, per volume."""
    u, v, w = velocity
    x, y, z = grid.above
    scale = 1.0 / grid.spacing
    return [scale * (u[x[c]] - u[c] + v[y[c]] - v[c] + w[z[c]] - w[c]) for c in range(len(u))]


def less_gradient(grid: Grid, velocity: list[list[float]], pressure: list[float], seconds: float) -> list[list[float]]:
    """Return the velocity after the pressure's gradient slowed it for so many seconds."""
    scale = seconds / grid.spacing
    return [
        [value - scale * (pressure[c] - pressure[b]) for c, (value, b) in enumerate(zip(velocity[axis], grid.below[axis], strict=True))]
        for axis in range(3)
    ]


# ------------------------------------------------------------------------------------------------ Poisson's equation, by multigrid
def solve(grid: Grid, guess: list[float], source: list[float]) -> list[float]:
    """Return the pressure, of mean zero, whose Laplacian is the source, to 1e-7 of its largest value."""
    largest = max(max(source), -min(source))
    answer = guess.copy()
    square = grid.spacing * grid.spacing
    right = [square * value for value in source]
    for _ in range(30):
        cycle(answer, right, grid.n)
        left = residual(answer, right, grid.n)
        if max(max(left), -min(left)) <= 1e-7 * largest * square:
            break
    mean = sum(answer) / len(answer)
    return [value - mean for value in answer]


def cycle(answer: list[float], right: list[float], n: int) -> None:
    """Improve the answer by one V-cycle: smooth, correct what is left on a grid of half as many cells a side, smooth."""
    smooth(answer, right, n)
    smooth(answer, right, n)
    if n % 2 == 0 and n > 2:
        m = n // 2
        coarse = restricted(residual(answer, right, n), n)
        correction = [0.0] * (m * m * m)
        cycle(correction, coarse, m)
        add_interpolated(answer, correction, n)
        smooth(answer, right, n)
        smooth(answer, right, n)


def smooth(answer: list[float], right: list[float], n: int) -> None:
    """Set every other cell to what its neighbours want, and then the others (Gauss–Seidel, red and black)."""
    for colour in (0, 1):
        for i in range(n):
            for j in range(n):
                row = (i * n + j) * n
                west, east = ((i - 1) % n * n + j) * n, ((i + 1) % n * n + j) * n
                south, north = (i * n + (j - 1) % n) * n, (i * n + (j + 1) % n) * n
                for k in range((i + j + colour) % 2, n, 2):
                    down, up = k - 1 if k > 0 else n - 1, k + 1 if k + 1 < n else 0
                    around = answer[west + k] + answer[east + k] + answer[south + k] + answer[north + k]
                    answer[row + k] = (around + answer[row + down] + answer[row + up] - right[row + k]) / 6.0


def residual(answer: list[float], right: list[float], n: int) -> list[float]:
    """Return what the Laplacian of the answer lacks, in units of the spacing."""
    left = [0.0] * len(right)
    for i in range(n):
        for j in range(n):
            row = (i * n + j) * n
            west, east = ((i - 1) % n * n + j) * n, ((i + 1) % n * n + j) * n
            south, north = (i * n + (j - 1) % n) * n, (i * n + (j + 1) % n) * n
            for k in range(n):
                down, up = k - 1 if k > 0 else n - 1, k + 1 if k + 1 < n else 0
                around = answer[west + k] + answer[east + k] + answer[south + k] + answer[north + k]
                left[row + k] = right[row + k] - (around + answer[row + down] + answer[row + up] - 6.0 * answer[row + k])
    return left


def restricted(fine: list[float], n: int) -> list[float]:
    """Return the means of two by two by two cells, times four: a spacing twice as long has a square four times as large."""
    m = n // 2
    coarse = [0.0] * (m * m * m)
    for i in range(n):
        for j in range(n):
            row, parent = (i * n + j) * n, (i // 2 * m + j // 2) * m
            for k in range(n):
                coarse[parent + k // 2] += 0.5 * fine[row + k]
    return coarse


def add_interpolated(fine: list[float], coarse: list[float], n: int) -> None:
    """Add a coarse correction to the fine cells, trilinearly: in each axis three quarters of the cell's parent, one of the next one."""
    m = n // 2
    for i in range(n):
        a, b = i // 2, (i // 2 + (1 if i % 2 else -1)) % m
        for j in range(n):
            c, d = j // 2, (j // 2 + (1 if j % 2 else -1)) % m
            row = (i * n + j) * n
            ac, ad, bc, bd = (a * m + c) * m, (a * m + d) * m, (b * m + c) * m, (b * m + d) * m
            line = [0.5625 * coarse[ac + k] + 0.1875 * (coarse[ad + k] + coarse[bc + k]) + 0.0625 * coarse[bd + k] for k in range(m)]
            for k in range(m):
                down, up = k - 1 if k > 0 else m - 1, k + 1 if k + 1 < m else 0
                fine[row + 2 * k] += 0.75 * line[k] + 0.25 * line[down]
                fine[row + 2 * k + 1] += 0.75 * line[k] + 0.25 * line[up]


# ------------------------------------------------------------------------------------------------------------ points in the fluid
def velocities_at(velocity: list[list[float]], points: list[list[float]], n: int, size: float) -> list[list[float]]:
    """Return the velocities at points, trilinearly; of both, component first."""
    scale = n / size
    xs, ys, zs = points
    found = []
    for axis in range(3):
        a, b, c = [0.0 if other == axis else 0.5 for other in range(3)]
        part = velocity[axis]
        found.append([interpolated(part, x * scale - a, y * scale - b, z * scale - c, n) for x, y, z in zip(xs, ys, zs, strict=True)])
    return found


def interpolated(field: list[float], x: float, y: float, z: float, n: int) -> float:
    """Return the value of a field at a place counted in cells, around the box as often as it takes."""
    i, j, k = math.floor(x), math.floor(y), math.floor(z)
    s, t, r = x - i, y - j, z - k
    total = 0.0
    for a, across in ((i, 1.0 - s), (i + 1, s)):
        for b, along in ((j, 1.0 - t), (j + 1, t)):
            row = (a % n * n + b % n) * n
            total += across * along * ((1.0 - r) * field[row + k % n] + r * field[row + (k + 1) % n])
    return total
