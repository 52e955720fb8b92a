"""The window: what a user sees in Kit and in the studio.

`model*.py`, `jobs.py` and `host.py` know nothing of omni and can be read, and tested, without it. `panel.py` and the widgets beside it use
what both Kit 107–110 and the wheel `ovui` have. `kit.py` and `studio.py` are the two hosts.
"""
