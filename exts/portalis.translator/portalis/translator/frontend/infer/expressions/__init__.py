"""Expressions, one file a family of syntax."""
