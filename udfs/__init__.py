"""The functions finance staff see in cells, one module per family, each a few lines over xlmodel.model."""
