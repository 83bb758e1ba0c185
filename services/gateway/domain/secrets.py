"""Secrets of consumers: how they are kept and compared."""

import hashlib
import hmac
from collections.abc import Sequence

_NOBODY = hashlib.sha256(b"no such consumer").hexdigest()
SLOTS = (1, 2)
"""A consumer has at most two live secrets, so that one can be replaced while the other works."""


def hash_secret(secret: str) -> str:
    """What is stored of a secret. Ours carry 256 random bits: nobody can try them all, so a slow
    hash would add nothing but a way to keep the gateway busy (ADR 0021)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_secret_of(given: str, kept: Sequence[str]) -> bool:
    """Whether a secret is one of those kept as hashes. Takes as long for a consumer who doesn't
    exist (none kept) as for a wrong secret."""
    hashed = hash_secret(given)
    padded = [*kept, _NOBODY, _NOBODY][: len(SLOTS)]
    matches = [hmac.compare_digest(hashed, hash_) for hash_ in padded]
    return any(matches[: len(kept)])
