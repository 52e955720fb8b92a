"""A gateway: translations over HTTP, for many, with keys, limits, a store and jobs. Nothing of a compiler is imported for it."""
