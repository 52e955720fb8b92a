"""Small programs in which a translator is easily wrong: each a function `f`, calls of it, and the calls that may only be guarded."""

from .bools import BOOLS
from .control import CONTROL
from .expressions import EXPRESSIONS
from .floats import FLOATS
from .integers import INTEGERS
from .sequences import SEQUENCES
from .values import VALUES

TRAPS = INTEGERS + FLOATS + BOOLS + EXPRESSIONS + CONTROL + VALUES + SEQUENCES

__all__ = ["TRAPS"]
