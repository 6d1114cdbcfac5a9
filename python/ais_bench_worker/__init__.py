"""The worker of ais_bench: loads a model of the Python world and answers over JSON lines. Needs Python 3.10 or later."""
