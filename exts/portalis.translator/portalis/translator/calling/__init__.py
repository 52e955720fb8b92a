"""Python values over the sandbox's boundary and back: values to slots, and an entry that is called like the function it stands for."""
