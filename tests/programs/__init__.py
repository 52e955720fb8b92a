"""Every program that the repository holds, in one list: what a change of the compiler is compared on."""
