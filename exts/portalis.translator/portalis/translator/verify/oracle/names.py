"""The names by which rewritten code reaches what an oracle gives it.

They begin with `__portalis` and are out of a user's reach: a class would mangle them, and the front-end refuses them.
"""

POWER, STEPS_LEFT, OUT_OF_STEPS, TAKEN = "__portalis_power__", "__portalis_steps__", "__portalis_out_of_steps__", "__portalis_taken__"
TAKE, DEEPER = "__portalis_take__", "__portalis_deeper__"
