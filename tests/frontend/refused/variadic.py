def f(*values, **options):
    return 1.0
