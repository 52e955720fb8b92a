"""Behaviours on USD stages: bind, check, run, bake.

Read in this order: `discovery` (what is authored), `resolve` and `schedule` (what it means), `group` (lanes that run as one call),
`loop` (frames). `values`, `columns` and `backend` carry data between attributes and columns.
"""
