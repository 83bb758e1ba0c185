"""Whose name the command speaks in: a client id and its secret, out of files that only their owner
may read. A secret is never an argument: other users of a machine can read those."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, StringConstraints, TypeAdapter, ValidationError

from services.gateway.secret_files import SecretFileError, read_private


class CredentialsError(Exception):
    """The credentials can't be used. Says what to give instead."""


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """What the token endpoint is shown."""

    client_id: str
    secret: str = field(repr=False)


class _Entry(BaseModel):
    secret: Annotated[str, StringConstraints(min_length=1, max_length=500)]


_FILE = TypeAdapter(dict[str, _Entry])


def read_credentials(
    credentials: Path | None, client_id: str | None, secret_file: Path | None
) -> ClientCredentials:
    """The credentials that the options name.

    Either `credentials`, a JSON object of `client_id -> {"secret": …}`, with `client_id` where it
    holds several; or `client_id` with `secret_file`, whose one line is the secret.

    Raises:
        CredentialsError: an option is missing, or a file is missing, open to others or unreadable.
    """
    if (credentials is None) == (secret_file is None):
        raise CredentialsError(
            "Say who you are: --credentials FILE (with --client-id if it holds several),"
            " or --client-id ID with --secret-file FILE."
        )
    try:
        if credentials is not None:
            return _out_of(credentials, client_id)
        if client_id is None:
            raise CredentialsError("Name the consumer whose secret it is with --client-id.")
        secret = read_private(secret_file, "The secret's file").strip() if secret_file else ""
    except SecretFileError as error:
        raise CredentialsError(str(error)) from None
    except (OSError, UnicodeDecodeError):
        raise CredentialsError("The file with the secret can't be read as a text file.") from None
    if not secret:
        raise CredentialsError(f"There is no secret in {secret_file}.")
    return ClientCredentials(client_id, secret)


def _out_of(path: Path, client_id: str | None) -> ClientCredentials:
    try:
        known = _FILE.validate_json(read_private(path, "The credentials file"))
    except ValidationError:
        raise CredentialsError(
            f'{path} has another shape: write {{"client-id": {{"secret": "…"}}}}.'
        ) from None
    if client_id is None and len(known) == 1:
        client_id = next(iter(known))
    if client_id is None or client_id not in known:
        raise CredentialsError(
            f"Name one of the consumers in {path} with --client-id: {', '.join(sorted(known))}."
        )
    return ClientCredentials(client_id, known[client_id].secret)
