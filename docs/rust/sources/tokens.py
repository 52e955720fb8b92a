"""Arithmetic in reverse Polish notation."""


def evaluate(tokens: list[str]) -> int:
    """Return the value of tokens.

    >>> evaluate(["3", "4", "+", "2", "*"])
    14
    """
    stack: list[int] = []
    for token in tokens:
        match token:
            case "+" | "-" | "*":
                if len(stack) < 2:
                    raise ValueError(f"{token!r} needs two numbers")
                right, left = stack.pop(), stack.pop()
                stack.append(left + right if token == "+" else left - right if token == "-" else left * right)
            case _:
                stack.append(int(token))
    if len(stack) != 1:
        raise ValueError("one number must be left")
    return stack[0]
