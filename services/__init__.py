"""Varje elevs bästa skola – digital certifiering: everything behind the pages."""
