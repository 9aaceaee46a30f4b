"""A demand project's input files: read, checked all at once, and made into what a run is given."""
