"""Regular expressions that are known when a program is translated: parsed as the running CPython parses them, and written as programs."""
