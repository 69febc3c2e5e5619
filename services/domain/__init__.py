"""Pure values and rules of the domain: no IO, no clock, nothing but the standard library."""
