"""What the stages of the front-end hand to one another: the facts of a function, keyed by syntax node.

Inference (`infer/`) goes over a function's syntax tree once for each specialisation, and over a loop's body until nothing changes. It
emits nothing: for each expression that it visits it records a fact (its type, its constant value, what it may share, and the operation
that computes it from the facts of its operands), for each statement the steps that the statement takes, for each join the copies that a
branch needs. Lowering (`lower/`) reads the facts once, in the order of the syntax tree, and writes the typed IR; it computes no type and
refuses nothing.

An expression that was refused is `Unknown`, with the cause; whatever is computed from it is Unknown by the same cause, without another
refusal. What inference did not visit has no fact: CPython never runs it, and nothing else does either.
"""
