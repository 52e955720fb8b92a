"""Clients of translation servers. Import the module you need: some load gRPC."""
