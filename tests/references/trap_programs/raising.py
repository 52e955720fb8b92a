class Low(ValueError):
    pass


class High(Exception):
    def __init__(self, by):
        super().__init__(f"by {by}")
        self.by = by


def check(n):
    if n < 0:
        raise Low(n)
    if n > 9:
        raise High(n - 9)
    return 10 // n


def matched(n):
    log = []
    try:
        log.append(str(check(n)))
    except (KeyError, Low) as error:
        log.append("low " + str(error))
    except ZeroDivisionError as error:
        log.append(str(error))
    except Exception as error:
        log.append(type(error).__name__ + str(error))
    else:
        log.append("else")
    finally:
        log.append("finally")
    return log


#: matched(5)
#: matched(-1)
#: matched(0)
#: matched(12)


def left(n):
    for i in range(n):
        try:
            if i == 1:
                continue
            if i == 3:
                break
        finally:
            if i == 2:
                return "inside"
    else:
        return "else"
    return "after"


#: left(1)
#: left(3)
#: left(0)


def left_while_cleaning(n):
    while True:
        try:
            n += 1
            n = 7 // n
        finally:
            n += 1
            break
    return n


#: left_while_cleaning(0)
#: left_while_cleaning(-1)


def returned_and_left(n):
    x = "a"
    for i in range(3):
        try:
            if i == n:
                return x
            x = x + str(6 // (i - 2))
        finally:
            x += "f"
            if i == 1:
                continue
            if i == 2:
                break
    return x


#: returned_and_left(0)
#: returned_and_left(1)
#: returned_and_left(2)
#: returned_and_left(5)


def left_in_two(n):
    y = 5
    for i in range(3):
        try:
            for _ in range(3):
                try:
                    y = 10 // (i - n)
                finally:
                    y += 1
                    break
            else:
                y += 100
        finally:
            y *= 2
            continue
    return y


#: left_in_two(0)
#: left_in_two(9)


def overruled(n):
    try:
        return 1 // n
    finally:
        if n == 0:
            return -1


#: overruled(0)
#: overruled(1)


def nested(n):
    log = []
    try:
        try:
            log.append(1 // n)
        finally:
            log.append(2)
            log.append([1, 2][n])
    except IndexError as error:
        log.append(str(error))
    except ZeroDivisionError:
        log.append(3)
    finally:
        log.append(4)
    return log


#: nested(0)
#: nested(1)
#: nested(5)


def again(n):
    try:
        try:
            return int(n)
        except ValueError as error:
            raise RuntimeError("no number") from error
    except RuntimeError as error:
        return str(error)


#: again("12")
#: again("x")


def not_caught(n):
    try:
        check(n)
    except Low:
        raise
    return n


#: not_caught(-4)
#: not_caught(11)
#: not_caught(1)


def in_a_comprehension(xs):
    try:
        return [10 // x for x in xs]
    except ZeroDivisionError:
        return [len(xs)]


#: in_a_comprehension([1, 5])
#: in_a_comprehension([1, 0])


def stated(n):
    assert n > 0, f"{n} is not above zero"
    assert n < 5
    return n


#: stated(1)
#: stated(0)
#: stated(7)


def no_more(xs):
    it = iter(xs)
    try:
        return next(it) + next(it)
    except StopIteration:
        return -1


#: no_more([1, 2])
#: no_more([1])


def errors(d, key):
    try:
        return d[key]
    except KeyError as error:
        return str(error), repr(error)


#: errors({"a": 1}, "a")
#: errors({"a": 1}, "it's")


def cleaned_up_on_the_way_out(divisor):
    kept, found = 1.5, []
    try:
        try:
            found.append(6 // divisor)
        finally:
            kept = "cleaned up"
            try:
                found.append(6 // (divisor - 1))
            finally:
                kept = kept + "!" if divisor else None
    except ZeroDivisionError:
        found.append(kept)
    return kept, found


#: cleaned_up_on_the_way_out(0)
#: cleaned_up_on_the_way_out(1)
#: cleaned_up_on_the_way_out(3)
