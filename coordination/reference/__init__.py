"""Reference data: what stands in resources/reference, and reading the registers that are imported each quarter."""
