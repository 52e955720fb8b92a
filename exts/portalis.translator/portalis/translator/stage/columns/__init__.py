"""Between attributes of a stage and the columns of lanes."""
