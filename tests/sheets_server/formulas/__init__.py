"""Formulas: read, kept in step with moving rows and columns, and worked out."""
