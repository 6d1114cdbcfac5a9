"""What collects one reply of a service."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4


class Output:
    """The fields that a class of the guide fills; any further attribute may be set too."""

    def __init__(self, perf_mode: bool = False) -> None:
        self.perf_mode = perf_mode
        self.success = False
        #: Set it to fail the request with these words.
        self.error_info = ""
        self.time_points: list[float] = []
        self.content: str | list[Any] = ""
        self.reasoning_content: str = ""
        #: Functions that the model calls: `{"id", "name", "arguments"}`, the arguments as JSON text.
        self.tool_calls: list[dict[str, Any]] = []
        #: Prompt and answer in tokens, as the service counts them; 0 where it does not.
        self.input_tokens: int = 0
        self.output_tokens: int = 0
        #: Of these, what the service took from its prefix cache, and what was reasoning; None where it does not say.
        self.cached_tokens: int | None = None
        self.reasoning_tokens: int | None = None
        #: `stop`, `length`, `tool_calls`, …; None where the service does not say.
        self.finish_reason: str | None = None
        self.role: str | None = None
        self.extra_perf_data: dict[str, Any] = {}
        self.extra_details_data: dict[str, Any] = {}
        #: The prompt, as it is to be kept with the answer.
        self.input: Any = None
        self.uuid = uuid4().hex
        self.turn_id = 0
        #: Row of the dataset, counted from 0.
        self.data_id: int | None = None

    def record_time_point(self) -> None:
        """Notes the time, in performance mode. The tool has stamps of its own, taken where bytes arrive: these are not looked at."""
        if self.perf_mode:
            self.time_points.append(time.perf_counter())

    def clear_time_points(self) -> None:
        """Forgets the times that were noted."""
        self.time_points = []

    def get_prediction(self) -> str | list[Any]:
        """Returns the whole answer as AISBench keeps it: reasoning and content with `</think>` between them."""
        if not self.reasoning_content:
            return self.content
        return f"{self.reasoning_content}</think>{self.content}" if self.content else self.reasoning_content

    def to_dict(self) -> dict[str, Any]:
        """Returns a copy of all fields."""
        return dict(vars(self))

    def update_extra_perf_data_from_stream_response(self, response: Any) -> None:
        """Keeps what else of an event is of interest; override it."""

    def update_extra_details_data_from_stream_response(self, response: Any) -> None:
        """Keeps what else of an event is of interest; override it."""

    def update_extra_perf_data_from_text_response(self, response: Any) -> None:
        """Keeps what else of a whole reply is of interest; override it."""

    def update_extra_details_data_from_text_response(self, response: Any) -> None:
        """Keeps what else of a whole reply is of interest; override it."""


class RequestOutput(Output):
    """One text answer."""

    content: str

    def get_metrics(self) -> dict[str, Any]:
        """Returns all fields with the prediction, without the texts that it is made of. One time is no measurement of a stream."""
        parts = {"content", "reasoning_content", "perf_mode"}
        kept = {name: value for name, value in self.to_dict().items() if name not in parts}
        unmeasured = self.success and not self.time_points[1:]
        failed = {"success": False, "error_info": "fewer than two times were noted"} if unmeasured else {}
        return {**kept, "prediction": self.get_prediction(), **failed}


class FunctionCallOutput(RequestOutput):
    """An answer with calls of functions, and the messages that led to it."""

    def __init__(self, perf_mode: bool = False) -> None:
        super().__init__(perf_mode)
        self.inference_log: list[Any] = []

    def update_extra_details_data_from_text_response(self, response: Any) -> None:
        """Keeps the message of the first choice."""
        for choice in response.get("choices", [])[:1]:
            self.extra_details_data["message"] = choice.get("message", {})


class LMMOutput(Output):
    """An answer of texts and images."""

    def __init__(self, perf_mode: bool = False) -> None:
        super().__init__(perf_mode)
        self.content = []


class PPLRequestOutput(Output):
    """How well a text is expected: the mean negative log likelihood of its tokens."""

    def __init__(self, perf_mode: bool = False) -> None:
        super().__init__(perf_mode)
        self.ppl: float | None = None
        self.origin_prompt_logprobs: Any = None


class PPLResponseOutput(Output):
    """How well each of the texts of one sample is expected."""

    def __init__(self, perf_mode: bool = False) -> None:
        super().__init__(perf_mode)
        self.input = []
        self.label_ppl_list: list[dict[str, Any]] = []
        self.origin_prompt_logprobs: list[Any] = []
