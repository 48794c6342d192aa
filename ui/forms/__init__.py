"""Forms themselves: which there are, looking at one before it goes live, publishing and withdrawing."""
