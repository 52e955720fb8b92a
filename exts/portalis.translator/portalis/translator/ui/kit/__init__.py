"""The host in Kit: what registers with Kit's own API, each thing with its way back. What is shown and done is in `ui/models`."""
