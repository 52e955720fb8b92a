"""Translations in a pool of judges: the one behind every server."""
