"""Tests of the event log, the relay and the sockets."""
