"""The embedded mode's secret: made at random once, kept in a file that only its owner can read."""

import os
import secrets
from pathlib import Path

#: Characters of a generated secret; 50 random URL-safe bytes are far beyond guessing.
SECRET_BYTES = 50


def embedded_secret(path: Path) -> str:
    """The secret in `path`; makes the file (mode 0600) at the first call.

    Two processes that start at once agree: the file appears whole or not at all; the first wins.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(SECRET_BYTES))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
