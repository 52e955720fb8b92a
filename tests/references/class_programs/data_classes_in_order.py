from dataclasses import dataclass, field
import heapq


@dataclass(order=True)
class Task:
    priority: int
    name: str = field(compare=False)
    done: bool = field(default=False, compare=False, repr=False)


def f(n):
    h = []
    for i in range(n):
        heapq.heappush(h, Task((i * 7) % 5, str(i)))
    return (
        [heapq.heappop(h).name for _ in range(n)],
        repr(Task(1, "a")),
        Task(1, "a") == Task(1, "b"),
        sorted([Task(2, "x"), Task(1, "y")])[0].name,
    )


#: f(5)
