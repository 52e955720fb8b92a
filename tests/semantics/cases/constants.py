G = 9.81
N = 3
M = [1.0] * N
def f(n: int):
    xs = [0.0] * N
    for i in range(N):
        for j in range(i):
            if j == 1: break
            xs[i] += G * j
        else:
            xs[i] -= 1
    s = 0
    while True:
        s += 1
        if s > n:
            return xs, s, M[n], sum((1, 2, n)), max(xs), None is None

# call: *each(range(-4, 4))
