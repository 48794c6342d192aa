"""Words about reference data that is imported."""
