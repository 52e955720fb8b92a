"""Reading: source text to a parsed module, its names, its imports and its examples; what would run at import is read here."""
