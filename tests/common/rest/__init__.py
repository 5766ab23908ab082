"""Tests of the parts that every REST endpoint shares."""
