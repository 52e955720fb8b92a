"""Recordings: what a run read, frame by frame, and digests of what it wrote, so that another machine can show that it writes the same."""
