"""The IO edge: spreadsheets as files or in memory, all behind one Protocol."""
