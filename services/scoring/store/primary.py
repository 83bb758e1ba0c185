"""Which model is primary, who proposed another, and what became of that."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Select, and_, insert, select, true

from services.scoring.domain.primary import Decision, Outcome, Proposal
from services.scoring.tables import primary_at_first, primary_decision, primary_proposal


class Decided(NamedTuple):
    """What is primary until somebody decides, and all that was confirmed: a handful."""

    at_first: str
    confirmed: list[Proposal]


def all_decided(connection: Connection) -> Decided:
    """What has been decided. One query: every reading of a score asks it."""
    proposal, decision = primary_proposal, primary_decision
    confirmed = and_(
        proposal.c.proposal_id == decision.c.proposal_id, decision.c.decision == Outcome.CONFIRMED
    )
    both = proposal.join(decision, confirmed)
    rows = connection.execute(
        select(primary_at_first.c.model.label("at_first"), *_COLUMNS).select_from(
            primary_at_first.outerjoin(both, true())
        )
    ).all()
    return Decided(rows[0].at_first, [_proposal(row) for row in rows if row.proposal_id])


def one_proposal(connection: Connection, proposal_id: UUID) -> Proposal | None:
    """A proposal by its id."""
    query = _proposals().where(primary_proposal.c.proposal_id == proposal_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else _proposal(row)


def proposals(connection: Connection, before: UUID | None, limit: int) -> list[Proposal]:
    """Proposals, the latest first, made before one of them."""
    query = _proposals().order_by(primary_proposal.c.proposal_id.desc()).limit(limit)
    if before is not None:
        query = query.where(primary_proposal.c.proposal_id < before)
    return [_proposal(row) for row in connection.execute(query)]


def add_proposal(connection: Connection, new: Proposal, entry_id: UUID) -> None:
    """Store a proposal."""
    connection.execute(
        insert(primary_proposal).values(
            proposal_id=new.proposal_id,
            entry_id=entry_id,
            model=new.model,
            effective_from=new.effective_from,
            person_id=new.person_id,
            reason=new.reason,
            at=new.at,
        )
    )


def add_decision(
    connection: Connection, proposal: Proposal, decision: Decision, entry_id: UUID
) -> None:
    """Store what became of a proposal."""
    connection.execute(
        insert(primary_decision).values(
            proposal_id=proposal.proposal_id,
            entry_id=entry_id,
            decision=decision.outcome,
            author_person_id=proposal.person_id,
            person_id=decision.person_id,
            reason=decision.reason,
            at=decision.at,
            affected=decision.affected,
        )
    )


_COLUMNS = (
    *(column for column in primary_proposal.c if column.name != "entry_id"),
    primary_decision.c.decision,
    primary_decision.c.person_id.label("decided_by"),
    primary_decision.c.reason.label("decision_reason"),
    primary_decision.c.at.label("decided_at"),
    primary_decision.c.affected,
)


def _proposals() -> Select[Any]:
    return select(*_COLUMNS).outerjoin_from(primary_proposal, primary_decision)


def _proposal(row: Any) -> Proposal:  # noqa: ANN401  # a row of those columns
    decision = None
    if row.decision is not None:
        at: datetime = row.decided_at
        decision = Decision(
            Outcome(row.decision), row.decided_by, row.decision_reason, at, row.affected
        )
    return Proposal(
        row.proposal_id,
        row.model,
        row.effective_from,
        row.person_id,
        row.reason,
        row.at,
        decision,
    )
