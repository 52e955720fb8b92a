"""What CPython evaluates when it imports a module: a list, node by node, of what that may be."""
