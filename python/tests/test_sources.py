"""Where weights come from: a folder needs no network, and a name that cannot be had is refused at once."""

import http.server
import os
import socket
import tempfile
import threading
import time
import unittest
from unittest import mock

from ais_bench_worker.engines.sources import OFFLINE_VARIABLES, check_source, load_from
from ais_bench_worker.engines.vllm_offline import stay_offline


class Hub(http.server.BaseHTTPRequestHandler):
    """Answers any request with 404, as the real one answers what it does not know."""

    def do_HEAD(self):
        self.server.requests.append(self.path)
        self.send_response(404)
        self.end_headers()

    def log_message(self, *_):
        pass


class Environment(unittest.TestCase):
    """A folder of weights, and a hub that listens or does not."""

    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        proxies = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"]
        names = [*OFFLINE_VARIABLES, *proxies, "VLLM_USE_MODELSCOPE"]
        kept = {name: value for name, value in os.environ.items() if name not in names}
        self.enterContext(mock.patch.dict(os.environ, {**kept, "HF_ENDPOINT": self.closed()}, clear=True))

    def enterContext(self, context):
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def closed(self):
        """The address of a hub that is not there."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return f"http://127.0.0.1:{free.getsockname()[1]}"

    def hub(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
        server.requests = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        os.environ["HF_ENDPOINT"] = f"http://127.0.0.1:{server.server_port}"
        return server


def remember(source, **kwargs):
    return source, kwargs


def fail(source, **kwargs):
    raise OSError(f"no {source} with {kwargs}")


class TestLoadFrom(Environment):
    def test_a_folder_is_loaded_without_the_network(self):
        server = self.hub()
        self.assertEqual(load_from(self.folder, "path", remember, {"a": 1}), (self.folder, {"a": 1, "local_files_only": True}))
        self.assertEqual(server.requests, [])

    def test_code_that_is_trusted_may_come_from_the_hub(self):
        given = {"trust_remote_code": True}
        self.assertEqual(load_from(self.folder, "path", remember, given), (self.folder, given))
        off = {"trust_remote_code": False, "local_files_only": False}
        self.assertEqual(load_from(self.folder, "path", remember, off), (self.folder, off))

    def test_a_name_is_asked_of_a_hub_that_answers(self):
        server = self.hub()
        self.assertEqual(load_from("owner/name", "path", remember, {}), ("owner/name", {}))
        self.assertEqual(server.requests, ["/"])
        with self.assertRaisesRegex(OSError, "^no owner/name with {}$"):
            load_from("owner/name", "path", fail, {})

    def test_a_name_comes_out_of_the_cache_where_the_hub_is_out_of_reach(self):
        self.assertEqual(load_from("owner/name", "path", remember, {}), ("owner/name", {"local_files_only": True}))

    def test_a_name_that_cannot_be_had_is_refused_at_once(self):
        start = time.monotonic()
        with self.assertRaises(FileNotFoundError) as caught:
            load_from("owner/name", "tokenizer_path", fail, {})
        self.assertLess(time.monotonic() - start, 3)
        words = str(caught.exception)
        self.assertTrue(words.startswith("tokenizer_path: there is no folder owner/name, Hugging Face's cache lacks"), words)
        self.assertIn(f"{os.environ['HF_ENDPOINT']} cannot be reached", words)

    def test_the_variables_of_offline_use_are_obeyed(self):
        for name in OFFLINE_VARIABLES:
            with mock.patch.dict(os.environ, {name: "1"}):
                self.assertEqual(check_source("owner/name", "path"), f"{name} is set")
                with self.assertRaisesRegex(FileNotFoundError, f"{name} is set"):
                    load_from("owner/name", "path", fail, {})

    def test_a_path_without_a_folder_is_refused_by_name(self):
        server = self.hub()
        for path in ("./weights", "../weights", "/no/such/weights", "~/weights", "a/b/c", "weights/", ".", ""):
            if os.path.isdir(path):
                continue
            with self.assertRaisesRegex(FileNotFoundError, f"^path: there is no folder {path};"):
                load_from(path, "path", remember, {})
        self.assertEqual(server.requests, [])


class TestStayOffline(Environment):
    def given(self, model, trust=False):
        return {"model": model, "trust_remote_code": trust}

    def test_a_folder_keeps_vllm_off_the_network(self):
        self.assertEqual(stay_offline(self.given(self.folder), {}), "")
        self.assertEqual(os.environ["HF_HUB_OFFLINE"], "1")

    def test_a_name_or_trusted_code_does_not(self):
        self.hub()
        self.assertEqual(stay_offline(self.given("owner/name"), {}), "")
        self.assertEqual(stay_offline(self.given(self.folder), {"tokenizer_path": "owner/name"}), "")
        self.assertEqual(stay_offline(self.given(self.folder, trust=True), {}), "")
        self.assertNotIn("HF_HUB_OFFLINE", os.environ)

    def test_a_hub_that_is_out_of_reach_does(self):
        self.assertIn("cannot be reached", stay_offline(self.given("owner/name"), {}))
        self.assertEqual(os.environ["HF_HUB_OFFLINE"], "1")

    def test_a_path_without_a_folder_is_refused_by_name(self):
        with self.assertRaisesRegex(FileNotFoundError, "^tokenizer_path: there is no folder ./tokenizer;"):
            stay_offline(self.given(self.folder), {"tokenizer_path": "./tokenizer"})
