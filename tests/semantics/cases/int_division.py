def f(a: int, b: int):
    return a // b, a % b, a / b, divmod(a, b)

# call: *each([-7, -2, -1, 0, 1, 2, 3, 7, 2**62, -(2**63)], [-7, -2, -1, 0, 1, 2, 3, 7, 2**62, -(2**63)])
# guarded: (-(2**63), -1)
