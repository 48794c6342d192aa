"""What people see and press. Knows coordination; only ui.root joins it to db."""

from ui.repairs import keep_singletons_alive

keep_singletons_alive()
