"""Which records were merged, compared with from when on each counted for which."""

from collections.abc import Iterator

from sqlalchemy import Connection

from services.scoring.service.comparing.compared import Compared
from services.scoring.store.merging import last_counted, merged_now


def compare_merged(connection: Connection) -> Iterator[Compared]:
    """Every record that counts for another, or should. (What `counting` says is as told.)"""
    should, does = last_counted(connection), merged_now(connection)
    for record in sorted(should.keys() | does.keys()):
        differs = should.get(record) != does.get(record)
        about = f"child {record}"
        yield Compared("merged_child", about, None, ("counts_for",) if differs else ())
