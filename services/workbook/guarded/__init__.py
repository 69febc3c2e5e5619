"""Changing Google's spreadsheets beside the people who edit them."""
