"""`spreadsheets.batchUpdate`: every kind of request, all done or none."""
