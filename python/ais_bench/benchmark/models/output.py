"""What collects one reply of a service."""

from __future__ import annotations

from typing import Any
from uuid import uuid4


class Output:
    """The fields that a class of the guide fills; any further attribute may be set too."""

    def __init__(self, perf_mode: bool = False) -> None:
        self.perf_mode = perf_mode
        self.success = False
        #: Set it to fail the request with these words.
        self.error_info = ""
        self.content: str | list[Any] = ""
        self.reasoning_content = ""
        self.input_tokens = 0
        self.output_tokens = 0
        self.extra_perf_data: dict[str, Any] = {}
        self.extra_details_data: dict[str, Any] = {}
        #: What was asked, as it is to be kept with the answer.
        self.input: Any = None
        self.uuid = uuid4().hex
        self.turn_id = 0

    def get_prediction(self) -> str | list[Any]:
        """What is scored."""
        return self.content

    def to_dict(self) -> dict[str, Any]:
        """A copy of all fields."""
        return dict(vars(self))


class RequestOutput(Output):
    """One text answer."""
