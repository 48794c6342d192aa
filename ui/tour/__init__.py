"""The tour: the main job of the centre, driven through the real windows by keys and clicks, and read back.

``centre tour --out DIR`` runs it; see ui/tour/journey.py. Each step stands in a module of its own.
"""
