"""Statements, one file a family of syntax."""
