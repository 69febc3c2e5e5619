"""A local Google: Sheets v4, Drive v3 and the token endpoint over real HTTP, for tests.

The real gspread and google-auth run against it unchanged (`client.connect`). It starts empty, lets any
bearer token in unless told otherwise, and can be told to fail in every way the real one does (`control`).
"""
