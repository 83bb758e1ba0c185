"""One spelling for a JSON document, so that equal content has equal bytes and one digest.

RFC 8785 (JSON Canonicalization Scheme). Decimals travel as strings; binary floats are refused.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

import orjson
import rfc8785

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]
Column = str | int | UUID | date | None
"""What stands in a field of ours: ids and days are texts in a document."""
Record = Sequence["Column | Record"] | Mapping[str, "Column | Record"]

_PLAIN_TYPES = {str, int, bool, type(None)}
_STRICTLY = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def canonical_bytes(document: Json) -> bytes:
    """The RFC 8785 bytes of a document made of objects, lists, strings, whole numbers and null.

    Raises:
        ValueError: it has no such form (a surrogate, a number beyond 53 bits, another type).
    """
    # Many times as fast, and every write needs it. What it refuses, the other refuses by its name.
    if _is_plain(document):
        try:
            return orjson.dumps(document, option=_STRICTLY)
        except orjson.JSONEncodeError:
            pass
    return rfc8785.dumps(document)


def record_bytes(record: Record) -> bytes:
    """The RFC 8785 bytes of records that are put together of typed fields, under names in ASCII. No
    value is looked at before: that took longer than to write a batch's thousand.

    Raises:
        ValueError: it has no such form (a surrogate, a number beyond 53 bits).
    """
    try:
        return orjson.dumps(record, option=_STRICTLY)
    except orjson.JSONEncodeError as error:  # a TypeError
        raise ValueError(str(error)) from None


def _is_plain(document: object) -> bool:
    """Whether orjson, if it takes it, spells it as RFC 8785 does: no floats, none of the types that
    it would make text of, and keys of ASCII, whose order is the same in every encoding."""
    if isinstance(document, dict):
        return _has_plain_keys(document) and _are_plain(document.values())
    if isinstance(document, list | tuple):
        return _are_plain(document)
    return document is None or isinstance(document, str | int)


def _are_plain(values: Iterable[object]) -> bool:
    # Most values are plain by their type alone, and a call for each would cost more than to write.
    for value in values:  # noqa: SIM110  # a generator costs twice as much
        if type(value) not in _PLAIN_TYPES and not _is_plain(value):
            return False
    return True


def _has_plain_keys(document: Mapping[object, object]) -> bool:
    try:
        return "".join(document).isascii()  # type: ignore[arg-type]  # that is the question
    except TypeError:
        return False


def digest(data: bytes) -> str:
    """SHA-256 of bytes, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
