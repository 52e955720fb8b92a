"""The sweep over real stages: what `stages.py` binds, what plain OpenUSD and CPython say of it, and how both are compared."""
