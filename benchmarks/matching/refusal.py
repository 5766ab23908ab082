"""What a user of the benchmark got wrong, in one line."""


class BadInput(Exception):
    """Ends the run with exit code 2; the message is all that is printed."""
