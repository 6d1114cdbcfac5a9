"""Base classes and types of AISBench's extension guide. Standard library only."""
