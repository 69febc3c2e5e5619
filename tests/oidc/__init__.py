"""A real OpenID provider in a process of its own, which can be told to lie in its tokens."""
