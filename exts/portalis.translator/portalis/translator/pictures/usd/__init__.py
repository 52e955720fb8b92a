"""From OpenUSD to arrays: which prims are drawn, their shapes, colours and places, the cameras, and following edits."""
