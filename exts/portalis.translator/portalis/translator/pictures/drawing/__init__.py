"""Two ways to draw a scene, in one light: OpenGL, and rays."""
