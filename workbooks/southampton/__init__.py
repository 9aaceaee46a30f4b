"""A council's children's services budget deck, recomputed."""
