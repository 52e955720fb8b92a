# example: f("idle", 1.0)
# example: f("busy", 2.0)
def f(state, x):
    return state, x
