"""Position, orientation and scale through whatever stack of transform ops a prim has."""
