"""The embedded mode makes its own secret, once, for its owner's eyes only."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from backend.config.secret import embedded_secret


def test_the_secret_is_long_random_and_kept(tmp_path: Path) -> None:
    first = embedded_secret(tmp_path / "a" / "secret_key")
    assert len(first) >= 50
    assert embedded_secret(tmp_path / "a" / "secret_key") == first
    assert embedded_secret(tmp_path / "b" / "secret_key") != first


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    embedded_secret(tmp_path / "secret_key")
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_starts_at_the_same_time_agree_on_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: embedded_secret(tmp_path / "secret_key"), range(32)))
    assert len(made) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
