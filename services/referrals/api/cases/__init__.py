"""`/v1/cases`: the work with a child."""
