"""Stored rows beside what the journal told of them: `amber scores verify`."""
