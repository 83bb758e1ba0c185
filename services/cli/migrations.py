"""`amber migrate`: one service's database, once before its containers start."""

from collections.abc import Callable, Mapping

import typer

from services.gateway import app as gateway
from services.gateway.settings import Settings as GatewaySettings
from services.referrals import app as referrals
from services.referrals.settings import Settings as ReferralsSettings
from services.scoring import app as scoring
from services.scoring.settings import Settings as ScoringSettings
from shared.starting import starting

PREPARE: Mapping[str, Callable[[], None]] = {
    "gateway": lambda: gateway.prepare(GatewaySettings()),
    "referrals": lambda: referrals.prepare(ReferralsSettings()),
    "scoring": lambda: scoring.prepare(ScoringSettings()),
}


def run(service: str) -> None:
    """Migrate the database of a service. Exit 2 for an unknown name."""
    if service not in PREPARE:
        raise typer.BadParameter(f"write one of: {', '.join(PREPARE)}")
    with starting():
        PREPARE[service]()
    typer.echo(f"{service}: the database is up to date")
