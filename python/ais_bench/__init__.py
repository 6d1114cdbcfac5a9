"""The names of AISBench that a user's own model class imports; the tool itself is the command `ais_bench`."""

from ais_bench._user_packages import extend

extend(__name__)
