"""Reads settings from the environment, and values of NAME from the file that NAME_FILE names."""

import environ
from environ.fileaware_mapping import FileAwareMapping


class Files(FileAwareMapping):
    """Values from files without the line end that editors and `echo` leave there."""

    def __getitem__(self, key: str) -> str:
        value: str = super().__getitem__(key)
        return value.strip() if self.env.get(f"{key}_FILE") else value


class Environment(environ.FileAwareEnv):
    """The environment as settings read it."""

    ENVIRON = Files()
