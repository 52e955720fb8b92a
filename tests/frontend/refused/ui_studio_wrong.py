def f(x, y: float):
    return [v for v in x]

import os
