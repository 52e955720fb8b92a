from dataclasses import dataclass


@dataclass(frozen=True)
class Pos:
    row: int
    col: int

    def add(self, dr, dc):
        return Pos(self.row + dr, self.col + dc)


def f(grid):
    start = Pos(0, 0)
    seen = {start}
    queue = [start]
    dist = {start: 0}
    while queue:
        p = queue.pop(0)
        for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            q = p.add(dr, dc)
            if 0 <= q.row < len(grid) and 0 <= q.col < len(grid[0]) and grid[q.row][q.col] == 0 and q not in seen:
                seen.add(q)
                dist[q] = dist[p] + 1
                queue.append(q)
    return len(seen), dist[Pos(len(grid) - 1, len(grid[0]) - 1)]


#: f([[0,0],[1,0]])
