"""`python -m portalis.translator.cli`."""

from portalis.translator.cli.app import main

if __name__ == "__main__":
    main()
