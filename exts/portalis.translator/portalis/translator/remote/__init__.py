"""Clients of translation servers, and the service behind Portalis's own Triton model. Import the module you need: some load gRPC."""
