"""A small network that recalls records, asked about more contexts than it was trained to hold: the experiment nbce_recall."""
