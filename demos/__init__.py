"""One module or package a tab, its words beside it; an underscore means "not a tab"."""
