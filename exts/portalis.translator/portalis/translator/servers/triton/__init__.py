"""Triton as a server of translations: starting and stopping it, the service behind its model, its key."""
