"""What a version is bound to: SHA-256 over RFC 8785 of its canonical document, in hex."""

from collections.abc import Mapping
from hashlib import sha256

import rfc8785

from services.scoring.domain.language.findings import Json

NOT_RULES = frozenset({"title", "purpose", "change", "effective_from", "golden"})
"""What can change between versions that score alike."""


def document_hash(document: Mapping[str, Json]) -> str:
    return sha256(rfc8785.dumps(dict(document))).hexdigest()


def rules_hash(document: Mapping[str, Json]) -> str:
    return document_hash({key: value for key, value in document.items() if key not in NOT_RULES})
