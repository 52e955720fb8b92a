"""CPython itself, running what a user wrote: the meaning that every artefact is held to. Nothing here is imported by what judges, but for
the format of requests and answers (`messages`, `answers`)."""
