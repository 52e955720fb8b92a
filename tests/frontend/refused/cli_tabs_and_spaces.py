# function: f
def f(x: float) -> float:
	if x:
        return x
	return x
