"""The typed IR: types, nodes, primitive operations, printer, checker and interpreter."""
