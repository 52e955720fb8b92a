TYPE_CHECKING = True
if TYPE_CHECKING:
    K = 2.0


def f(x: float) -> float:
    return x * K
