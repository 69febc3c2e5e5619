"""One person's answers while a round is open: her key, her draft, what she has sent."""
