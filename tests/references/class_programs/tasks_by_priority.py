import heapq
from functools import total_ordering


@total_ordering
class Task:
    def __init__(self, pri, name):
        self.pri = pri
        self.name = name

    def __eq__(self, other):
        return self.pri == other.pri

    def __lt__(self, other):
        return self.pri < other.pri


def f(items):
    heap = []
    for p, n in items:
        heapq.heappush(heap, Task(p, n))
    out = []
    while heap:
        out.append(heapq.heappop(heap).name)
    ts = [Task(p, n) for p, n in items]
    return out, [t.name for t in sorted(ts)], min(ts).name, max(ts).name, ts[0] <= ts[1], ts[0] >= ts[1], ts[0] > ts[1]


#: f([(3, 'a'), (1, 'b'), (2, 'c')])
#: f([(1, 'a'), (1, 'b'), (0, 'c')])
