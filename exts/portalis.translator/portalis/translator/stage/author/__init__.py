"""Bindings as they are made: authored, undone, approved."""
