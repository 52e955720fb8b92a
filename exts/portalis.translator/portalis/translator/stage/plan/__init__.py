"""From a composed stage to a plan: what is bound, where values come from and go, in which order, and everything that is wrong with it."""
