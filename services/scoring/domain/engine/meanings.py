"""The versions of meaning: what ever stored a score can be computed again (ADR 0015)."""

FIRST, LATEST = "1", "2"
MEANINGS = frozenset({FIRST, LATEST})
