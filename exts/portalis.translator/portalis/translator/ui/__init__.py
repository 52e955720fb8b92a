"""The window: what a user sees in Kit and in the studio.

`models/` and `host.py` know nothing of omni and can be read, and tested, without it. `panels/` and the widgets beside it use what both
Kit 107–110 and the wheel `ovui` have. `kit/` and `studio.py` are the two hosts.
"""
