def f0(n: int) -> int:
    return n ^ 1


def f1(n: int) -> int:
    return f0(f0(n))


def f2(n: int) -> int:
    return f1(f1(n))


def f3(n: int) -> int:
    return f2(f2(n))


def f4(n: int) -> int:
    return f3(f3(n))


def f5(n: int) -> int:
    return f4(f4(n))


def f6(n: int) -> int:
    return f5(f5(n))


def f7(n: int) -> int:
    return f6(f6(n))


def f8(n: int) -> int:
    return f7(f7(n))


def f9(n: int) -> int:
    return f8(f8(n))


def f10(n: int) -> int:
    return f9(f9(n))


def f11(n: int) -> int:
    return f10(f10(n))


def f12(n: int) -> int:
    return f11(f11(n))


def f13(n: int) -> int:
    return f12(f12(n))


def f14(n: int) -> int:
    return f13(f13(n))


def f15(n: int) -> int:
    return f14(f14(n))


def f16(n: int) -> int:
    return f15(f15(n))


def f17(n: int) -> int:
    return f16(f16(n))


def f18(n: int) -> int:
    return f17(f17(n))


def f19(n: int) -> int:
    return f18(f18(n))


def f20(n: int) -> int:
    return f19(f19(n))


def f21(n: int) -> int:
    return f20(f20(n))


def f22(n: int) -> int:
    return f21(f21(n))


def f23(n: int) -> int:
    return f22(f22(n))


def f24(n: int) -> int:
    return f23(f23(n))


def f25(n: int) -> int:
    return f24(f24(n))


def f26(n: int) -> int:
    return f25(f25(n))


def f27(n: int) -> int:
    return f26(f26(n))


def f28(n: int) -> int:
    return f27(f27(n))


def f29(n: int) -> int:
    return f28(f28(n))


def f30(n: int) -> int:
    return f29(f29(n))


def f31(n: int) -> int:
    return f30(f30(n))


def f32(n: int) -> int:
    return f31(f31(n))


def f33(n: int) -> int:
    return f32(f32(n))


def f34(n: int) -> int:
    return f33(f33(n))


def f35(n: int) -> int:
    return f34(f34(n))


def f36(n: int) -> int:
    return f35(f35(n))


def f37(n: int) -> int:
    return f36(f36(n))


def f38(n: int) -> int:
    return f37(f37(n))


def f39(n: int) -> int:
    return f38(f38(n))


def f40(n: int) -> int:
    return f39(f39(n))


def update(n: int):
    m = f40(n)
    return m
