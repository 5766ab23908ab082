"""How a benchmark ends as a command: what the user got wrong, or that nobody wants to know more."""

import argparse
import os
import sys
from collections.abc import Callable
from typing import Final, NoReturn

WRONG: Final = 2
INTERRUPTED: Final = 130
NOBODY_READS: Final = 141


class BadInput(Exception):
    """What a user got wrong, in one line. Ends the run; the message is all that is printed."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments as everything else that is wrong is said."""

    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{message} (--help tells more)")


def ended(run: Callable[[], int], *, interrupted: str) -> int:
    """The exit status of a run, however it ends."""
    try:
        return run()
    except BadInput as refused:
        print(f"error: {refused}", file=sys.stderr)
        return WRONG
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except KeyboardInterrupt:
        print(interrupted, file=sys.stderr)
        return INTERRUPTED
