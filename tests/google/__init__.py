"""Tests of, and on, the local Google."""
