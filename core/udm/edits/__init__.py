"""Every edit of a text, one file each; the name of the file is the name of the edit."""
