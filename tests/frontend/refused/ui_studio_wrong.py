def f(x, y: float):
    return [os for v in x]

import os
