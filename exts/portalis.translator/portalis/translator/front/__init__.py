"""The front-end in stages."""
