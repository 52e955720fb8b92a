"""The types of `pxr.Gf`: what OpenUSD's own bindings accept, over the signatures that the library lists."""
