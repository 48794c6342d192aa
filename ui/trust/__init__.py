"""Trusted assessors (A3) and who relies on what they sign (A4).

desk.go.to("trust")                 # agreements, assessors, competencies
desk.go.to("reliance")              # what waits for my team, what is asked of me, how often people are asked again
desk.go.to("reliance", receipt_id)  # one of them
"""
