"""The demo register: invented answers of 78 schools, so that everything can be seen without an account."""
