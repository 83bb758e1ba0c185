"""Use cases: load -> rule -> save."""
