"""Inference: what is known at each node of a function's syntax tree, for one combination of argument types. Every refusal is made here,
but for those of objects that would have to be references, which `represent/` makes from what is observed here."""
