"""Side-by-side measurements: time and peak memory, never as timed tests."""
