"""Cursors as callers carry them: sealed, because a row's key may be what is withheld from them.

Replicas of a service share the key, and a restart keeps it: it is derived from the service's secret
for the gateway. With another secret, lists that are being walked have to be begun again.
"""

import base64
import json
import os
from collections.abc import Sequence
from typing import Any, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY = 32
_NONCE = 12
_BLOCK = 64
"""Filled up to a multiple of this, so that the length tells little."""

Key = Sequence[str | int]


class ForeignCursorError(ValueError):
    """A cursor that this service hasn't handed out for this list."""


class Cursors:
    """Seals the keys of rows, and opens what it has sealed (AES-256-GCM)."""

    def __init__(self, secret: str, service: str) -> None:
        derived = HKDF(SHA256(), _KEY, salt=None, info=f"amber cursors of {service}".encode())
        self._cipher = AESGCM(derived.derive(secret.encode()))

    @classmethod
    def of_no_list(cls) -> Self:
        """For a service without lists: what it seals, it alone opens."""
        return cls(base64.b64encode(AESGCM.generate_key(_KEY * 8)).decode(), "")

    def sealed(self, key: Key, of_list: str) -> str:
        """The cursor behind the row of `key`."""
        plain = json.dumps(list(key), ensure_ascii=False).encode()
        filled = plain.ljust(-(-len(plain) // _BLOCK) * _BLOCK)
        nonce = os.urandom(_NONCE)
        return _text(nonce + self._cipher.encrypt(nonce, filled, of_list.encode()))

    def opened(self, cursor: str, of_list: str) -> list[Any]:
        """The parts of the key that was sealed.

        Raises:
            ForeignCursorError: it wasn't sealed here, or for another list.
        """
        try:
            padded = f"{cursor}{'=' * (-len(cursor) % 4)}"
            sealed = base64.b64decode(padded, altchars=b"-_", validate=True)
            plain = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], of_list.encode())
        except (ValueError, InvalidTag):
            raise ForeignCursorError from None
        key: list[Any] = json.loads(plain)
        return key


def _text(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
