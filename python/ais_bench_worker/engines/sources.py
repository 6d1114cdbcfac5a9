"""Where weights and tokenizers come from: a folder, or a name on Hugging Face's hub. A folder never needs the network."""

from __future__ import annotations

import functools
import os
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

#: How long the hub may take to answer at all, in seconds; its own client retries for close to a minute.
PROBE_S = 5.0

#: The variables that keep transformers and huggingface_hub off the network.
OFFLINE_VARIABLES = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")


def load_from(source: str, option: str, load: Callable[..., Any], kwargs: dict[str, Any]) -> Any:
    """Calls `load(source, **kwargs)`: with local files only where `source` is a folder, or the hub is out of reach.

    Raises FileNotFoundError where `source` is a path without a folder, or a name that neither the cache nor the hub gives.
    """
    reason = check_source(source, option)
    # A folder may name code on the hub, which only somebody who trusts it runs.
    if reason or (os.path.isdir(source) and not kwargs.get("trust_remote_code")):
        kwargs = {"local_files_only": True, **kwargs}
    try:
        return load(source, **kwargs)
    except OSError as error:
        if not reason:
            raise
        raise out_of_reach(source, option, reason) from error


def out_of_reach(source: str, option: str, reason: str) -> FileNotFoundError:
    """Makes the error for a name that neither the cache nor the hub gives."""
    return FileNotFoundError(
        f"{option}: there is no folder {source}, Hugging Face's cache lacks that model or part of it, and {reason}; "
        "give the folder of the weights"
    )


def check_source(source: str, option: str) -> str:
    """Says why the hub cannot give `source`; an empty text where it may, or is not needed.

    Raises FileNotFoundError where `source` can only be a path, and nothing is there.
    """
    # vLLM also takes files, and URLs of object stores.
    if os.path.exists(source) or "://" in source:
        return ""
    if is_path(source):
        raise FileNotFoundError(f"{option}: there is no folder {source}; paths are relative to {os.getcwd()}")
    return why_offline(os.environ.get("HF_ENDPOINT") or "https://huggingface.co")


def is_path(source: str) -> bool:
    """Whether a source can only be a path: the hub's names are `name` or `owner/name`."""
    return source == "" or source[0] in "./~" or source.endswith("/") or source.count("/") > 1 or "\\" in source or os.path.isabs(source)


def why_offline(endpoint: str) -> str:
    """Says why the hub cannot be reached; an empty text where it can."""
    for name in OFFLINE_VARIABLES:
        if os.environ.get(name, "").upper() in ("1", "ON", "YES", "TRUE"):
            return f"{name} is set"
    return _probe(endpoint)


@functools.lru_cache
def _probe(endpoint: str) -> str:
    """Sends one request to the hub, through the proxies that the environment names."""
    found = [f"{endpoint} gave no answer within {PROBE_S:g} s"]

    def ask() -> None:
        try:
            urllib.request.urlopen(urllib.request.Request(endpoint, method="HEAD"), timeout=PROBE_S).close()
            found[0] = ""
        except urllib.error.HTTPError:
            found[0] = ""
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            # A certificate that only the hub's own client knows shows that something answers.
            found[0] = "" if isinstance(reason, ssl.SSLError) else f"{endpoint} cannot be reached ({reason})"

    # On a thread: looking a name up obeys no time limit.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(PROBE_S)
    return found[0]
