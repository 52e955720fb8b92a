# example: f([1, 2], [3, 4])
def change(a: list[int], x: int) -> int:
    a[0] = x
    return a[1]


def bump(b: list[int]) -> int:
    b[0] = b[0] + 1
    return b[0]


def f(a: list[int], b: list[int]):
    r = change(a, bump(b))
    return r, a[0], b[0]

# call: ([1, 2], [3, 4])
# call: ([0, 0], [-5, 7])
