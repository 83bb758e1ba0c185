"""Over HTTP: parse, call, answer."""
