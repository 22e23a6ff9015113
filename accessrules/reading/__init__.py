"""Rule files: from YAML on disk to the source form, with every problem at its line and column."""
