def cut(xs, a, b, c):
    return xs[a:b:c], xs[:b], xs[a:], xs[::c]


#: cut([1, 2, 3, 4, 5], 4, 0, -2)
#: cut([1, 2, 3, 4, 5], -100, 100, 3)
#: cut([1, 2], 0, 2, 0)
#: cut([], 1, 2, -1)


def put(xs, ys, a, b):
    xs[a:b] = ys
    return xs


#: put([1, 2, 3, 4], [9], 1, 3)
#: put([1, 2, 3, 4], [7, 8, 9], 2, 1)
#: put([1, 2, 3, 4], [], -3, 100)
#: put([], [1], 5, 9)


def put_by_step(xs, ys, step):
    xs[::step] = ys
    return xs


#: put_by_step([1, 2, 3, 4], [8, 9], 2)
#? put_by_step([1, 2, 3, 4], [8, 9, 7, 6], -1)
#: put_by_step([1, 2, 3, 4], [8], 2)


def removed(xs, a, b):
    del xs[a:b]
    del xs[-1]
    return xs


#: removed([1, 2, 3, 4, 5], 1, 3)
#: removed([1], 0, 1)


def copies(xs):
    ys = xs[:]
    ys.append(1)
    return ys is xs, xs, ys


#: copies([3])
