"""How many points of a square grid stay bounded for fifty rounds."""


def mandelbrot(n: int) -> int:
    inside = 0
    for row in range(n):
        ci = 2.0 * row / n - 1.0
        for column in range(n):
            cr = 2.0 * column / n - 1.5
            zr = 0.0
            zi = 0.0
            bounded = 1
            for _ in range(50):
                squared_r = zr * zr
                squared_i = zi * zi
                if squared_r + squared_i > 4.0:
                    bounded = 0
                    break
                zi = 2.0 * zr * zi + ci
                zr = squared_r - squared_i + cr
            inside += bounded
    return inside
