"""Scoring's own journal."""

from services.scoring.tables import journal

JOURNAL = journal
