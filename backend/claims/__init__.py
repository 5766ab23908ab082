"""Reserved shares of listings, and the hard rules about who may receive what."""
