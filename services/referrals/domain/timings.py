"""How long things may take. Local policy: every council sets its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timings:
    """In days. What people must do by is counted in working days, everything else by the
    calendar."""

    decision_working_days: int = 1
    allocation_working_days: int = 5
    follow_up_working_days: int = 20
    draft_days: int = 14
