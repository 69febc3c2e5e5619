"""The verbs of the command line, a module for what belongs together; each is imported when it is typed."""
