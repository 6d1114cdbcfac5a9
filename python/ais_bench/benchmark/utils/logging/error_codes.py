"""AISBench's tables of error codes. A class names a code to raise it: here a code is its own name."""

from __future__ import annotations


class ErrorCode:
    """A code of one table, such as `MODEL_CODES.UNKNOWN_ERROR`."""

    def __init__(self, table: str, name: str) -> None:
        self.table = table
        self.name = name

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ErrorCode) and str(other) == str(self)

    def __hash__(self) -> int:
        return hash(str(self))


class ErrorCodes:
    """A table of codes: any attribute is a code of its name."""

    def __init__(self, table: str) -> None:
        self._table = table

    def __getattr__(self, name: str) -> ErrorCode:
        if name.startswith("_"):
            raise AttributeError(name)
        return ErrorCode(self._table, name)


CALC_CODES = ErrorCodes("CALC")
DSET_CODES = ErrorCodes("DSET")
ICLE_CODES = ErrorCodes("ICLE")
ICLI_CODES = ErrorCodes("ICLI")
ICLR_CODES = ErrorCodes("ICLR")
MODEL_CODES = ErrorCodes("MODEL")
PARTI_CODES = ErrorCodes("PARTI")
RUNNER_CODES = ErrorCodes("RUNNER")
SUMM_CODES = ErrorCodes("SUMM")
TASK_CODES = ErrorCodes("TASK")
TEVAL_CODES = ErrorCodes("TEVAL")
TINFER_CODES = ErrorCodes("TINFER")
TMAN_CODES = ErrorCodes("TMAN")
UTILS_CODES = ErrorCodes("UTILS")
