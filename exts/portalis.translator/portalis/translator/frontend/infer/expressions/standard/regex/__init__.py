"""`re`: which pattern a call means, what is looked at, what is made of the matches."""
