"""Bake: what behaviours computed, as time samples of a layer over the stage."""
