"""The fuzzers of `fuzz_stages.py`: stages that anybody could have made or edits while they play, and modules that mean harm."""
