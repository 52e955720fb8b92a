"""Classes as they are written: what marks them and does nothing, and what is short for plainer words."""
