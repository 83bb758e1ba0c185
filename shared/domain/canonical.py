"""One spelling for a JSON document, so that equal content has equal bytes and one digest.

RFC 8785 (JSON Canonicalization Scheme). Decimals travel as strings; binary floats are refused.
"""

import hashlib
from collections.abc import Mapping, Sequence

import rfc8785

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]


def canonical_bytes(document: Json) -> bytes:
    """The RFC 8785 bytes of a document made of objects, lists, strings, whole numbers and null."""
    return rfc8785.dumps(document)


def digest(data: bytes) -> str:
    """SHA-256 of bytes, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
