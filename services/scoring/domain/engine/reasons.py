"""The reason of a contribution as plain JSON: a code, and all that its sentence needs."""

from collections.abc import Callable
from datetime import date

from services.scoring.domain import amounts
from services.scoring.domain.dates import Duration
from services.scoring.domain.engine.contribution import Contribution, Hit, Why
from services.scoring.domain.model import Model


def reason(model: Model, each: Contribution, why: Why) -> dict[str, object]:
    params: dict[str, object] = {"title": each.indicator.title}
    if each.state == "known":
        params["points"] = amounts.write(each.points, model.decimals)
    else:
        params["held_by"] = list(each.indicator.held_by)
    for name, fact in why.facts.items():
        params[name] = plain(model, fact)
    return {"code": why.code, "params": params}


def plain(model: Model, fact: object) -> object:
    if isinstance(fact, list):
        return [plain(model, item) for item in fact]
    write = PLAIN.get(type(fact))
    return fact if write is None else write(model, fact)


def hit(model: Model, fact: Hit) -> dict[str, object]:
    window = fact.window
    return {
        "from": str(window.from_),
        "to": None if window.to is None else str(window.to),
        "last_on": fact.last_on.isoformat(),
        "points": amounts.write(window.points, model.decimals),
    }


PLAIN: dict[type, Callable[..., object]] = {
    date: lambda _, fact: fact.isoformat(),
    Duration: lambda _, fact: str(fact),
    Hit: hit,
}
