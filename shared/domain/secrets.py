"""When a configured secret is too weak to start with."""

MIN_LENGTH = 32
_MIN_DIFFERENT = 10
_PLACEHOLDERS = ("change", "secret", "password", "example", "default", "replace")


def weakness(secret: str) -> str | None:
    """What is wrong with a configured secret, in a few words; None for a good one."""
    if len(secret) < MIN_LENGTH:
        return f"is shorter than {MIN_LENGTH} characters"
    if len(set(secret)) < _MIN_DIFFERENT:
        return "is not random"
    if any(word in secret.lower() for word in _PLACEHOLDERS):
        return "is a placeholder"
    return None
