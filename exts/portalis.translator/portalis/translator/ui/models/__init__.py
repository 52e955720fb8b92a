"""The view models: what the window shows and can be asked to do. They know nothing of omni."""
