"""Tests of the server-rendered pages and their parts."""
