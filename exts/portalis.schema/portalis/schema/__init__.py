"""Registers the schemas of Portalis with OpenUSD when Kit loads the extension `portalis.schema`."""

from portalis.schema.registration import PortalisSchemaExtension, register, schema_folder

__all__ = ["PortalisSchemaExtension", "register", "schema_folder"]
