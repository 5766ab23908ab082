"""Pages for joining: organizations, places, programmes, papers and people."""
