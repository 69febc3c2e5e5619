"""How anything comes into the sheets: what is wanted is kept safe, gathered, written and confirmed."""
