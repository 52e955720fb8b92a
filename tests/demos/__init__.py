"""The demos: each holds to its truth, and faults planted in its physics are found."""
