def f(größe: float) -> float:
    # naïve
    return eval("größe") + undefined
