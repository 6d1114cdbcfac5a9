"""Base classes and types of AISBench's extension guide. Standard library only."""

from ais_bench._user_packages import extend

extend(__name__)
