"""Messages for everybody who is signed in."""
