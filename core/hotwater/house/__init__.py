"""A whole home: rooms along a trunk, every scheme and layout, a day of draws, what it costs."""
