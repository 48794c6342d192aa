"""Plans a day, explains it, repairs it (D3)."""
