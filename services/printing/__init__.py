"""What is printed: PDFs and the codes that a phone's camera reads."""
