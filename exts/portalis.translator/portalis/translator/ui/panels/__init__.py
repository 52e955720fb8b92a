"""The pieces of the window, on omni.ui widgets."""
