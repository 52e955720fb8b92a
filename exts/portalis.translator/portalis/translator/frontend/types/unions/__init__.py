"""Values of several classes, which know theirs at run time."""
