"""Where the command starts: `recto` and `python -m recto`.

Nothing is imported before an interruption would be answered with one line, as later ones are.
"""

import sys


def main() -> None:
    """Run the command and exit."""
    try:
        from recto.cli.main import main as run_command  # noqa: PLC0415 - it takes a while
    except KeyboardInterrupt:
        sys.stderr.write("recto: interrupted\n")
        sys.exit(130)
    run_command()


if __name__ == "__main__":
    main()
