"""Engines that ship. Each imports its packages in `load`, so that the worker itself needs the standard library alone."""
