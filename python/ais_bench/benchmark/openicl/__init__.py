"""Names that AISBench's model classes import from its inferencers."""

from ais_bench._user_packages import extend

extend(__name__)
