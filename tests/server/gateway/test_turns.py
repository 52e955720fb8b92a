"""Whose turn it is: in fair order, and refused at once exactly where the turn would come too late."""

from __future__ import annotations

import asyncio
import math
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portalis.translator.servers.gateway.trouble import Refusal
from portalis.translator.servers.gateway.turns import Turns


async def in_turn(turns: Turns, order: list[str], tenant: str, name: str, later: bool = False, until: asyncio.Event | None = None) -> None:
    async with turns.enter(tenant, later=later):
        order.append(name)
        await (asyncio.sleep(0) if until is None else until.wait())


def test_tenants_have_turns_whatever_each_of_them_asks_and_jobs_come_last() -> None:
    async def check() -> None:
        turns, order = Turns(1, 100, 100), list[str]()
        asked = [in_turn(turns, order, "ada", "first"), *(in_turn(turns, order, "ada", "job", later=True) for _ in range(2))]
        asked += [in_turn(turns, order, "ada", f"ada {number}") for number in range(4)]
        asked += [in_turn(turns, order, "bob", f"bob {number}") for number in range(2)]
        await asyncio.gather(*asked)
        assert order == ["first", "ada 0", "bob 0", "ada 1", "bob 1", "ada 2", "ada 3", "job", "job"]
        assert turns.running == turns.waiting == 0

    asyncio.run(check())


def test_who_would_wait_too_long_is_told_when_to_come_again() -> None:
    async def check() -> None:
        turns, order, go = Turns(1, 3, 2), list[str](), asyncio.Event()
        tasks = [asyncio.ensure_future(in_turn(turns, order, tenant, tenant, until=go)) for tenant in ("ada", "ada", "ada", "bob")]
        await asyncio.sleep(0)
        assert (turns.running, turns.waiting) == (1, 3)
        with pytest.raises(Refusal) as busy:
            await in_turn(turns, order, "carol", "too many")
        tasks.pop().cancel()
        await asyncio.sleep(0)
        with pytest.raises(Refusal) as limited:
            await in_turn(turns, order, "ada", "too many of one")
        assert (limited.value.status, busy.value.status) == (429, 503)
        assert all(found.value.retry_after is not None and found.value.retry_after > 0 for found in (limited, busy))
        go.set()
        await asyncio.gather(*tasks)
        assert order == ["ada", "ada", "ada"]

    asyncio.run(check())


def test_who_leaves_takes_nobody_s_turn() -> None:
    async def check() -> None:
        for leaving in range(1, 4):
            turns, order = Turns(1, 100, 100), list[str]()
            tasks = [asyncio.ensure_future(in_turn(turns, order, "ada", str(number))) for number in range(4)]
            await asyncio.sleep(0)
            tasks[leaving].cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert order == [str(number) for number in range(4) if number != leaving] and turns.running == turns.waiting == 0

    asyncio.run(check())


class Instant(selectors.DefaultSelector):
    """Waits for nothing, and says how long it would have waited."""

    slept = 0.0

    def select(self, timeout: float | None = None) -> Any:
        assert timeout is not None, "nothing would ever happen"
        self.slept += timeout
        return super().select(0.0)


class Simulated(asyncio.SelectorEventLoop):
    """A loop whose clock goes on when there is nothing to do."""

    def __init__(self) -> None:
        self._instant = Instant()
        super().__init__(self._instant)

    def time(self) -> float:
        return self._instant.slept


def simulate(make: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with asyncio.Runner(loop_factory=Simulated) as runner:
        runner.run(make())


SECONDS = 0.1  # What turns believe that a translation takes, until they have seen one.
CROWD = st.lists(st.tuples(st.sampled_from(["ada", "bob", "eve"]), st.floats(0.0, 1.0), st.booleans()), max_size=24)
WIDTH = st.integers(1, 4)


async def work(turns: Turns, tenant: str, patience: float = math.inf, later: bool = False, seconds: float = SECONDS) -> float:
    """Return how long it waited for its turn; Refusal at once."""
    now = asyncio.get_running_loop().time
    came = now()
    async with turns.enter(tenant, patience=patience, later=later):
        waited = now() - came
        await asyncio.sleep(seconds)
    return waited


@settings(max_examples=200, database=None, derandomize=True)
@given(WIDTH, CROWD, st.floats(0.0, 0.15), st.sampled_from(["ada", "bob", "eve", "new"]), st.floats(0.0, 1.5))
def test_who_comes_is_refused_exactly_where_the_turn_would_come_too_late(
    width: int, crowd: list[tuple[str, float, bool]], after: float, tenant: str, patience: float
) -> None:
    """Where translations take the same and nobody else comes, the estimate is what happens: nobody queues in vain, nobody is sent away
    who would have been served."""

    async def wait(patience: float) -> float | None:
        turns = Turns(width, 100, 100)
        others = [asyncio.ensure_future(work(turns, who, later=later)) for who, _, later in crowd]
        await asyncio.sleep(after)
        try:
            return await work(turns, tenant, patience)
        except Refusal as refusal:
            assert refusal.status in (429, 503) and refusal.retry_after is not None and refusal.retry_after > 0.0
            return None
        finally:
            await asyncio.gather(*others)
            assert turns.running == turns.waiting == 0

    async def check() -> None:
        waited = await wait(math.inf)
        assert waited is not None
        found = await wait(patience)
        if abs(waited - patience) > 1e-6:
            assert (found is None) == (waited > patience), (waited, patience)

    simulate(check)


@settings(max_examples=100, database=None, derandomize=True)
@given(WIDTH, st.lists(st.floats(0.0, 1000.0), max_size=20), st.integers(0, 3))
def test_a_free_turn_is_never_refused_whatever_translations_took(width: int, took: list[float], at_work: int) -> None:
    async def check() -> None:
        turns = Turns(width, 1, 1)
        for seconds in took:
            await work(turns, "ada", seconds=seconds)
        others = [asyncio.ensure_future(work(turns, "ada", seconds=1000.0)) for _ in range(min(at_work, width - 1))]
        await asyncio.sleep(0)
        assert await work(turns, "ada", patience=1e-9) == 0.0
        await asyncio.gather(*others)

    simulate(check)


@settings(max_examples=100, database=None, derandomize=True)
@given(WIDTH, CROWD, st.integers(1, 60), st.floats(0.0, 0.15))
def test_however_many_one_tenant_asks_another_one_s_wait_is_the_same(
    width: int, crowd: list[tuple[str, float, bool]], more: int, after: float
) -> None:
    async def check() -> None:
        found = []
        for count in (width + 8, width + 8 + more):
            turns = Turns(width, 1000, 1000)
            tasks = [asyncio.ensure_future(work(turns, "greedy")) for _ in range(count)]
            tasks += [asyncio.ensure_future(work(turns, who, later=later)) for who, _, later in crowd]
            await asyncio.sleep(after)
            found.append(turns.wait_seconds("new"))
            await asyncio.gather(*tasks)
        assert found[0] == pytest.approx(found[1])

    simulate(check)


def test_whose_doing_it_is_is_told() -> None:
    """A tenant's own requests are 429 to them, everybody's are 503; and neither is sent away for what the other one asks."""

    async def check() -> None:
        turns = Turns(1, 100, 100)
        tasks = [asyncio.ensure_future(work(turns, "ada")) for _ in range(10)]
        await asyncio.sleep(0)
        with pytest.raises(Refusal, match="requests of yours wait") as own:
            await work(turns, "ada", patience=0.5)
        assert own.value.status == 429 and own.value.retry_after == pytest.approx(0.5)
        tasks.append(asyncio.ensure_future(work(turns, "bob", patience=0.5)))
        await asyncio.sleep(0)
        with pytest.raises(Refusal, match=r"the turn would come after some 0\.3 s") as all_of_them:
            await work(turns, "carol", patience=0.1)
        assert all_of_them.value.status == 503
        await asyncio.gather(*tasks)

    simulate(check)


def test_an_item_of_a_job_that_somebody_waits_for_now_waits_no_more_with_jobs() -> None:
    async def check() -> None:
        turns = Turns(1, 100, 100)
        order: list[str] = []

        async def take(name: str, place: Any) -> None:
            async with place:
                order.append(name)
                await asyncio.sleep(SECONDS)

        places = {name: turns.enter(name, later=name.startswith("job")) for name in ("first", "job", "job wanted", "now")}
        with pytest.raises(Refusal):
            places["job wanted"].hurry(SECONDS / 2)
        places["job wanted"].hurry(1.0)
        await asyncio.gather(*(take(name, place) for name, place in places.items()))
        assert order == ["first", "job wanted", "now", "job"]

    simulate(check)
