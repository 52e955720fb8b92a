"""Classes that stand in functions and in other classes."""
