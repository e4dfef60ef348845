"""Speed, as ratios against a peer measured in the same run. Nothing here can fail a build: figures are printed, and read."""
