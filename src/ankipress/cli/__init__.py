"""The command line: the only place that prints, exits, and reads the environment, the disk or the
clock.
"""
