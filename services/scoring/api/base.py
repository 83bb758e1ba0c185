"""What every answer of scoring has in common."""

from pydantic import BaseModel, ConfigDict


class View(BaseModel):
    """What is answered: exactly the fields declared."""

    model_config = ConfigDict(extra="forbid")
