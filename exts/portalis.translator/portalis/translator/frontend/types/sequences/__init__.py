"""What tuples and lists share: displays, operators, comparison, membership, elements."""

from portalis.translator.frontend.types.sequences.building import item, item_type, make_list, make_tuple

__all__ = ["item", "item_type", "make_list", "make_tuple"]
