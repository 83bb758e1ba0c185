"""One spelling for a JSON document, so that equal content has equal bytes and one digest.

RFC 8785 (JSON Canonicalization Scheme). Decimals travel as strings; binary floats are refused.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

import rfc8785

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]

_SAFE = 2**53 - 1
_PLAIN_TYPES = {str, bool, type(None)}
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical_bytes(document: Json) -> bytes:
    """The RFC 8785 bytes of a document made of objects, lists, strings, whole numbers and null.

    Raises:
        ValueError: it has no such form (a surrogate, a number beyond 53 bits, another type).
    """
    # The standard library's encoder is in C and many times as fast, and every write needs it.
    if _is_plain(document):
        return _ENCODER.encode(document).encode()
    return rfc8785.dumps(document)


def _is_plain(document: object) -> bool:
    """Whether the standard library spells it as RFC 8785 does: no floats, no numbers beyond 53
    bits, and keys of ASCII, whose order is the same in every encoding."""
    if isinstance(document, dict):
        return _has_plain_keys(document) and _are_plain(document.values())
    if isinstance(document, list | tuple):
        return _are_plain(document)
    if isinstance(document, int):
        return -_SAFE <= document <= _SAFE
    return document is None or isinstance(document, str)


def _are_plain(values: Iterable[object]) -> bool:
    # Most values are plain by their type alone, and a call for each would cost more than to write.
    return all(type(value) in _PLAIN_TYPES or _is_plain(value) for value in values)


def _has_plain_keys(document: Mapping[object, object]) -> bool:
    try:
        return "".join(document).isascii()  # type: ignore[arg-type]  # that is the question
    except TypeError:
        return False


def digest(data: bytes) -> str:
    """SHA-256 of bytes, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
