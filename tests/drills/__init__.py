"""Drills: what must hold when things go wrong, on real processes and a real PostgreSQL.

The suite runs a short form of each; `python -m tests.drills` runs them at length.
"""
