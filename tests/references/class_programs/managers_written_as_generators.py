import contextlib
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def tag(name: str, out: list[str], *classes: str, end: bool = True) -> Iterator[str]:
    """Write a tag."""
    shown = " ".join((name, *classes))
    out.append(f"<{shown}>")
    yield shown
    if end:
        out.append(f"</{name}>")


@contextlib.contextmanager
def guarded(out, *, also=False):
    out.append("enter")
    count = len(out)
    try:
        yield out
        out.append("body done")
    except ZeroDivisionError as error:
        out.append(str(error))
        if also:
            raise ValueError("not even that") from error
    except IndexError:
        out.append("again")
        raise
    else:
        out.append("fine")
    finally:
        out.append(f"exit {count}")
    out.append("after")


class Account:
    def __init__(self, balance):
        self.balance = balance

    @contextmanager
    def transaction(self, least=0):
        before = self.balance
        try:
            yield
            if self.balance < least:
                raise ValueError("overdrawn")
        except (ValueError, KeyError):
            self.balance = before
            raise

    def spend(self, amounts):
        with self.transaction(least=1):
            for amount in amounts:
                if amount == 0:
                    raise KeyError(amount)
                if amount > 99:
                    return "too much"
                self.balance -= amount
        return "spent"


def entered(n, out):
    with tag("ul", out), tag("li", out, "a", "b", end=n > 2) as shown:
        out.append(shown)
        if n == 4:
            return n
    for k in range(3):
        with guarded(out, also=n == 5) as inner, contextlib.suppress(KeyError):
            if k == 1 and n == 6:
                break
            if k == 1 and n == 7:
                continue
            inner.append(str(10 // n))
            if n == 8:
                return inner[-5]
            if n == 9:
                if k == 1:
                    raise IndexError(f"at {k}")
                raise KeyError(f"at {k}")
    return len(out)


def f(n, amounts):
    out = []
    account = Account(10)
    try:
        found = str(entered(n, out))
    except (ValueError, RuntimeError, IndexError, ZeroDivisionError) as error:
        found = f"{type(error).__name__}: {error}"
    try:
        spent = account.spend(amounts)
    except (ValueError, KeyError) as error:
        spent = repr(error)
    return out, found, spent, account.balance


#: f(3, [1, 2])
#: f(0, [1, 0])
#: f(5, [1, 20])
#: f(4, [1, 100, 3])
#: f(6, [9])
#: f(7, [10])
#: f(8, [])
#: f(9, [0])
