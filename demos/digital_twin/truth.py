"""What the tags alone say of the cell, and how far the run is from it.

Nothing here goes from event to event. The seconds that a robot may work, A(t), are what its `run` tags leave of t; counted in these, its
queue is Lindley's recursion: a part is begun at S = max(A(arrival), F of the part before) and finished at F = S + work. Counts, states and
energies of every frame follow from S and F.

Queues: D. V. Lindley, "The theory of queues with a single server", 1952; J. D. C. Little, "A proof for the queuing formula L = λW", 1961;
the variance of a mean over a long time, W. Whitt, "Planning queueing simulations", 1989.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scene import LENGTH, Cell
from tags import PART, REJECT, ROBOTS, START, STOP, Array, Plan, Tags

from portalis.translator.cli.demonstration import Check, at_most

TRANSIT = 8.0
CONVEYOR, IDLE, WORKING, STOPPED = 60.0, 150.0, 900.0, 20.0  # watts
IS_IDLE, IS_WORKING, IS_STOPPED = 0, 1, 2
GAP = 0.24
ENOUGH_PARTS = 100_000


@dataclass(frozen=True)
class Line:
    """One line by its tags: for each part when it was put on the conveyor and finished; at the end of each frame counts, state, joules."""

    entered: Array
    finished: Array
    parts_in: Array
    parts_out: Array
    scrapped: Array
    state: Array
    energy: Array


@dataclass(frozen=True)
class Run:
    """What a run baked: of every name, the values (frames, robots); where there is something to see, of the elements of the
    crowds where they are and whether, (frames, robots, elements), and half the angle by which each arm is turned."""

    values: dict[str, Array]
    positions: Array | None = None
    there: Array | None = None
    arms: Array | None = None


def line(tags: Tags, ends: Array) -> Line:
    """Compute a line from its tags."""
    entered, work = tags.times[tags.kinds == PART], tags.values[tags.kinds == PART]
    clock, able = _able_seconds(tags, float(ends[-1]))
    arrivals = np.interp(entered + TRANSIT, clock, able)
    begun, finished = np.empty_like(work), np.empty_like(work)
    free = 0.0
    for part, (arrival, need) in enumerate(zip(arrivals.tolist(), work.tolist(), strict=True)):
        begun[part] = max(arrival, free)
        finished[part] = free = begun[part] + need
    ending = _moment(finished, clock, able, "left")
    rejects = tags.times[tags.kinds == REJECT]
    part = np.searchsorted(ending, rejects, side="right")
    started = np.append(_moment(begun, clock, able, "right"), np.inf)
    flawed = np.zeros(len(work), bool)
    flawed[part[started[part] <= rejects]] = True
    able_now = np.interp(ends, clock, able)
    working = _seconds_within(begun, finished, able_now)
    still = np.searchsorted(ending, ends)
    parts_in = np.searchsorted(entered, ends)
    scrapped = np.append(0, np.cumsum(flawed))[still]
    moving = _seconds_within(entered, np.minimum(entered + TRANSIT, np.append(entered[1:], np.inf)), ends)
    energy = WORKING * working + STOPPED * (ends - able_now) + IDLE * (able_now - working) + CONVEYOR * moving
    switched = (tags.kinds == STOP) | (tags.kinds == START)
    stopped = np.append(False, tags.kinds[switched] == STOP)[np.searchsorted(tags.times[switched], ends)]
    state = np.where(stopped, IS_STOPPED, np.where(started[still] < ends, IS_WORKING, IS_IDLE))
    return Line(entered, ending, parts_in, still - scrapped, scrapped, state, energy)


def _able_seconds(tags: Tags, until: float) -> tuple[Array, Array]:
    """Return A(t) as a polygon: times and, at each, the seconds up to then in which the robot might work."""
    clock, able, stopped = [0.0], [0.0], False
    for time, kind in zip(tags.times.tolist(), tags.kinds.tolist(), strict=True):
        if kind in (STOP, START):
            able.append(able[-1] + (0.0 if stopped else time - clock[-1]))
            clock.append(time)
            stopped = kind == STOP
    # Far enough for everything to be finished: nothing is asked of it beyond the last frame.
    far = 2.0 * until + float(tags.values.sum()) + 1e6
    return np.array([*clock, far]), np.array([*able, able[-1] + (0.0 if stopped else far - clock[-1])])


def _moment(seconds: Array, clock: Array, able: Array, side: str) -> Array:
    """Return when A(t) is `seconds`: the first such moment, or the last one, after a stop (`right`); never where it ends before."""
    last = np.searchsorted(able, seconds, side="left" if side == "left" else "right") - 1
    moment = clock[last] + (seconds - able[last])
    return np.where(seconds > able[-1], np.inf, moment) if side == "left" else np.where(seconds >= able[-1], np.inf, moment)


def _seconds_within(starts: Array, ends: Array, until: Array) -> Array:
    """Return how much of disjoint intervals in order lies before each of `until`."""
    if not len(starts):
        return np.zeros(len(until))
    before = np.cumsum(np.append(0.0, ends - starts))
    return np.interp(until, np.stack([starts, ends], axis=1).ravel(), np.stack([before[:-1], before[1:]], axis=1).ravel())


def checks(cell: Cell, tags: list[Tags], run: Run, plan: Plan | None) -> list[Check]:
    """Compare a run with its tags, and with the theory of queues where a `plan` says what they were drawn from."""
    lines = [line(its, cell.ends) for its in tags]
    found = [_counts(lines, run, name) for name in ("parts_in", "parts_out", "scrapped")]
    found.append(_conserved(lines, run, cell))
    found.append(_energy(lines, run))
    if cell.shown:
        found += [_states(lines, run), _places(lines, run, cell)]
    return found + (_laws(cell, run, plan) if plan is not None else [])


def _counts(lines: list[Line], run: Run, name: str) -> Check:
    expected = np.stack([getattr(item, name) for item in lines], axis=1)
    return at_most(f"{name} of every frame", float(np.abs(run.values[name] - expected).max()), 0.0, expected.size)


def _conserved(lines: list[Line], run: Run, cell: Cell) -> Check:
    """Parts in = out + held + scrapped, as integers, held being what is seen on the line, or else what is not finished by its tags."""
    if run.there is not None:
        held = run.there.sum(axis=2)
    else:
        held = np.stack([np.searchsorted(x.entered, cell.ends) - np.searchsorted(x.finished, cell.ends) for x in lines], axis=1)
    lost = run.values["parts_in"] - run.values["parts_out"] - run.values["scrapped"] - held
    return at_most("parts in - out - held - scrapped", float(np.abs(lost).max()), 0.0, lost.size)


def _energy(lines: list[Line], run: Run) -> Check:
    expected = np.stack([item.energy for item in lines], axis=1)
    return at_most("energy against sum of power × time", float(np.abs(run.values["energy"] / expected - 1.0).max()), 1e-11, expected.size)


def _states(lines: list[Line], run: Run) -> Check:
    expected = np.stack([item.state for item in lines], axis=1)
    return at_most("states of every frame", float((run.values["state"] != expected).sum()), 0.0, expected.size)


def _places(lines: list[Line], run: Run, cell: Cell) -> Check:
    """Where every part of every frame is, in metres: as far as the conveyor brought it, or behind those that wait."""
    assert run.positions is not None and run.there is not None
    worst, count = 0.0, 0
    slots = run.there.shape[2]
    for robot, item in enumerate(lines):
        for frame, now in enumerate(cell.ends.tolist()):
            parts = np.arange(item.parts_out[frame] + item.scrapped[frame], item.parts_in[frame])
            conveyed = LENGTH * (now - item.entered[parts]) / TRANSIT
            expected = np.minimum(conveyed, np.maximum(LENGTH - GAP * np.arange(len(parts)), 0.0))
            error = np.where(
                run.there[frame, robot, parts % slots], np.abs(run.positions[frame, robot, parts % slots, 0] - expected), np.inf
            )
            worst, count = max(worst, float(error.max(initial=0.0))), count + len(parts)
    return at_most("metres that parts are off", worst, 1e-6, count)


def _laws(cell: Cell, run: Run, plan: Plan) -> list[Check]:
    """Little's law from three meters, and what the queue of an M/M/1 is in the mean, in standard deviations of that mean."""
    last = {name: values[-1] for name, values in run.values.items()}
    seconds, parts = float(cell.ends[-1]), int(last["parts_in"].sum())
    if parts < ENOUGH_PARTS:
        return [at_most("Little's law", 0.0, 0.02, 0), at_most("M/M/1, standard deviations", 0.0, 3.0, 0)]
    held = last["part_seconds"].sum() / seconds
    stay = last["sojourn"].sum() / (last["parts_out"] + last["scrapped"]).sum()
    load = plan.work / plan.between
    deviation = np.sqrt(2.0 * load * (1.0 + load) / (1.0 - load) ** 4 / (seconds / plan.work) / ROBOTS)
    queue = last["robot_seconds"].mean() / seconds
    return [
        at_most("Little's law", float(abs(parts / seconds * stay / held - 1.0)), 0.02, parts),
        at_most("M/M/1, standard deviations", float(abs(queue - load / (1.0 - load)) / deviation), 3.0, parts),
    ]
