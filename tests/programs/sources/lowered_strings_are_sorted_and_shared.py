def f(mode: str = 'b'):
    return 'z' if mode == 'a' else 'b'
