def f(x: float):
    exec('x = 1')
    compile('x', 'y', 'eval')
    return x
