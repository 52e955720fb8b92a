"""Representation: each class of objects that may be one is a value, which storage stands for, or a reference.

A class is a value where no two live names can see a change of its object, as inference has observed it; else it would have to be a
reference. References have no translation: they are refused here, with the reason.
"""
