"""From sheets as people leave them to typed rows, with every doubt listed as a Problem."""
