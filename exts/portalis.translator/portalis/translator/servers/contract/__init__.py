"""What travels between clients and servers, as pydantic models with a JSON schema: one contract for every door.

Nothing of the compiler is needed to import it, nor numpy, nor OpenUSD: a gateway without a compiler speaks it too.
"""
