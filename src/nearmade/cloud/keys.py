"""The platform's signing key: made on first use, readable by its owner only."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nearmade.production.signing import private_key_from_text, private_key_text


def platform_key(data_dir: Path) -> Ed25519PrivateKey:
    """Read the key that signs jobs.

    Raises
    ------
    InvalidInput
        When the file holds no such key.
    """
    path = data_dir / "platform-key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return private_key_from_text(path.read_text(encoding="ascii").strip())
    key = Ed25519PrivateKey.generate()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(private_key_text(key))
    return key
