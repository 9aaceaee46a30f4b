"""What was found before and still holds. Nothing here imports what calculates: an unchanged run costs nothing."""
