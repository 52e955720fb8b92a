class AppError(Exception):
    """What all others are."""

    code = 1

    def describe(self):
        return f"{type(self).__name__} {self.code}: {self}"


class ParseError(AppError):
    code = 2

    def __init__(self, message, line=0):
        super().__init__(message)
        self.message = message
        self.line = line

    def __str__(self):
        return f"line {self.line}: {self.message}"


class TooFew(AppError):
    def __init__(self, need, have):
        self.need, self.have = need, have
        super().__init__(f"need {need}", have)


class Silent(ValueError):
    def __init__(self, what):
        self.what = what


class Plain(ValueError):
    pass


def fail(n):
    if n == 0:
        raise ParseError("bad", line=3)
    if n == 1:
        raise TooFew(n, 5)
    if n == 2:
        raise AppError
    if n == 3:
        raise Silent("quiet")
    if n == 4:
        raise Plain("plain", n)
    if n == 5:
        raise ValueError("other")
    if n == 6:
        error = ParseError("kept")
        error.line = 9
        raise error
    return n


def quiet(n):
    try:
        fail(n)
    except AppError as error:
        return error.code
    return 0


def again(n):
    try:
        return fail(n)
    except ParseError as error:
        error.line += 100
        quiet(1)
        raise
    except AppError:
        quiet(0)
        raise
    finally:
        quiet(1)


def f(n, wanted):
    out = []
    try:
        out.append(str(again(n)))
    except TooFew as error:
        out.append(f"{error.need}/{error.have} {error.args} {error}")
        out.append(str(isinstance(error, AppError)))
    except AppError as error:
        out.append(error.describe())
        if isinstance(error, ParseError):
            out.append(str(error.line))
        other = error
        out.append(other.describe())
    except Silent as e:
        out.append(e.what + str(e) + str(e.args))
    except (Plain, ValueError) as e:
        out.append("value " + str(e))
    if wanted == n:
        fail(n)
    return out


#: f(0, 9)
#: f(1, 9)
#: f(2, 9)
#: f(3, 9)
#: f(4, 9)
#: f(5, 9)
#: f(6, 9)
#: f(7, 9)
#: f(0, 0)
#: f(1, 1)
#: f(2, 2)
#: f(3, 3)
#: f(4, 4)
#: f(6, 6)
