"""From a user's text to a verified translation: the pipeline, top to bottom."""
