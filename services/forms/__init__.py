"""A round answered in Google Forms: its export, matched to the question bank and taken in once."""
