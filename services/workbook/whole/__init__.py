"""Google's spreadsheets as a whole: how they are laid out, kept exactly, and filled."""
