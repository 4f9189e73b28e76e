"""Measurements: an invented directory in a scratch database, and how fast it answers.

Every number is measured in the run that prints it.
"""
