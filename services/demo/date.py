"""What marks a register as invented."""

DEMO_DATE_SETTING = "Demodatum"
"""The setting that is there only in the demo, and says what day it is."""
