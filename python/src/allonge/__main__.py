"""The `allonge` command."""

from __future__ import annotations

import signal
import sys

from . import _native


def main() -> None:
    """Carries out the command line and ends the process with its exit code."""
    # While the command runs no Python does, so Ctrl-C ends the process as it ends any other.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(_native.run_command(["allonge", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
