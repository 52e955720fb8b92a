"""The frame loop: groups of lanes, edits, recordings, reports."""
