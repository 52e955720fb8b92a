# function: f
async def f(a: int) -> int:
    return a
