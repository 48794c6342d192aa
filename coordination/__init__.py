"""What the centre does: pure Python, knows no screen and no database."""
