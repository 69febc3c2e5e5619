"""A Google that fails in every way there is, and a writer that does not wait long for it."""

from services.writing.tempo import Tempo

FAULTS = [
    429,
    503,
    "503 after",
    {"kind": "status", "status": 502},
    "reset",
    {"kind": "reset", "when": "after"},
    {"kind": "reset", "when": "after", "late": [0.0, 2.0]},
    {"kind": "hang", "when": "after", "seconds": 0.3, "late": [0.0, 2.0]},
    "half",
]
"""Half of them after Google has written, and some of these write only after they have failed."""

HURRIED = Tempo(between=0.01, gather=0.05, first_pause=0.1, longest_pause=0.5, looks=(0.3, 2.5, 5.0))
