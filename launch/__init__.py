"""What start.py needs before there is anything but a Python: standard library only, readable by Python 3.7."""
