"""The event feed and the socket tickets over REST."""
