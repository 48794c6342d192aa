"""Words about the training city."""
