"""Which paths and queries the gateway takes at all, before it asks the policy about them.

Two programs that read one path differently are how a guarded door is walked around. Ids and names
of this API need no escaping, so only paths are taken that can be read in one way.
"""

import re

MAX_PATH = 500
MAX_QUERY = 4096
_SEGMENTS = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
# RFC 3986. What a query may not hold unescaped, such as #, ends it early for some readers.
_QUERY = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*")


def is_plain_query(query: str) -> bool:
    """Whether a query is short and written with the characters of one."""
    return len(query) <= MAX_QUERY and _QUERY.fullmatch(query) is not None


def is_plain(raw_path: str) -> bool:
    """Whether a path, as it stood in the request, has but one reading: unreserved characters
    (RFC 3986) between single slashes, nothing escaped, no `.` or `..`."""
    if len(raw_path) > MAX_PATH or not _SEGMENTS.fullmatch(raw_path):
        return False
    return not {".", ".."} & set(raw_path.split("/"))
