"""Lowering: facts to the typed IR, in one walk over the syntax tree. It computes no type, makes no choice and refuses nothing."""
