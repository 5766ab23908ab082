"""Hand-overs, failed attempts and incidents over REST."""
