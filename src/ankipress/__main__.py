"""Where the command starts: `ankipress` and `python -m ankipress`.

Nothing is imported before an interruption would be answered with one line, as later ones are.
`python -m` looks for modules in the current folder first, which may be a stranger's project.
"""

import gc
import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]

_VALUES = 1_000_000  # that are made before the first look: some hundred megabytes


def main() -> None:
    """Run the command and exit."""
    # A build makes many values and no circles of them: to look for circles again and again would
    # take a fifth of its time.
    gc.set_threshold(_VALUES, 20, 20)
    try:
        from ankipress.cli.main import main as run_command  # noqa: PLC0415 - it takes a while
    except KeyboardInterrupt:
        sys.stderr.write("ankipress: interrupted\n")
        sys.exit(130)
    run_command()


if __name__ == "__main__":
    main()
