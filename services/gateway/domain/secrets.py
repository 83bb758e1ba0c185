"""Secrets of consumers: how they are kept, compared, and when one is too weak to start with."""

import hashlib
import hmac
from collections.abc import Sequence

MIN_LENGTH = 32
_MIN_DIFFERENT = 10
_PLACEHOLDERS = ("change", "secret", "password", "example", "default", "replace")
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


def weakness(secret: str) -> str | None:
    """What is wrong with a configured secret, in a few words; None for a good one."""
    if len(secret) < MIN_LENGTH:
        return f"is shorter than {MIN_LENGTH} characters"
    if len(set(secret)) < _MIN_DIFFERENT:
        return "is not random"
    if any(word in secret.lower() for word in _PLACEHOLDERS):
        return "is a placeholder"
    return None
