"""`python -m recto` is the command `recto`."""

from recto.cli.main import main

if __name__ == "__main__":
    main()
