"""Programs about objects by reference: lists of any length, texts, dicts, and what the library says of them."""
