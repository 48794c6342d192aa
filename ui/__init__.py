"""What people see and press. Knows coordination; only ui.root joins it to db."""
