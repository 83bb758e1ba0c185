"""Code lists that councils share, with what is known of when each code counted."""
