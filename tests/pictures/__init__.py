"""Pictures of stages: what is drawn, where, and what is said of the rest."""
