"""A command that only looks into a database never makes one."""

from pathlib import Path

from sqlalchemy import make_url

from shared.starting import CannotStartError


def there(url: str) -> str:
    """The URL, where its database isn't a file that is missing. Raises `CannotStartError`."""
    where = make_url(url)
    if where.get_backend_name() == "sqlite" and not Path(where.database or "").is_file():
        raise CannotStartError(f"There is no database {where.database}")
    return url
