"""Runs one Python program where it can do no harm; `launch.py` is started by `src/sandbox`, one process a program."""
