"""The suite that runs inside Kit: `make test-kit`, or the Extension Manager's own tests. Nothing where Kit's tests are not enabled."""

try:
    import omni.kit.test  # noqa: F401
except ModuleNotFoundError:
    pass
else:
    from portalis.translator.ui.kit.tests.test_in_kit import TestPortalis

    __all__ = ["TestPortalis"]
