"""An independent calculation of every published number and problem, to check the product against.

It shares no code with the product: it reads the same spreadsheets and follows the written rules only.
"""
