"""The training city: an invented Manchester, the same for the same seed, number of people and moment.

Nobody in it exists. Names, addresses, telephone numbers and NHS numbers are made up; see docs/training-city.md.
"""
