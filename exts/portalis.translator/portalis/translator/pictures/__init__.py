"""Pictures of stages: what is drawn as numpy arrays, the camera, and two ways of drawing it: OpenGL, or rays where there is none."""
