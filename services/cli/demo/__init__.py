"""Demonstration data: the year of the report that Amber comes from, and a population around it.

Loaded through the public API as the systems and people around it would. No child is real: names
say so, and NHS numbers are from the range kept for tests. The data is the same on every machine
and on every day; nothing in it follows from the clock.
"""
