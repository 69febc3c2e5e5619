"""Closing a round: from answers under keys in the inbox to shuffled rows that are nobody's."""
