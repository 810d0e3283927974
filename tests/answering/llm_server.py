"""A real, scripted OpenAI-compatible server on loopback: each request takes the next step of the script."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Step:
    """What one request gets: `text` streamed in pieces, or the fault named by `kind`."""

    text: str = ""
    kind: str = "answer"
    piece_chars: int = 7
    usage: tuple[int, int] | None = None


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that hangs up is part of the script."""


class ScriptedServer:
    """Serves the steps in order, the last one again and again; `requests` has what was asked."""

    def __init__(self):
        self.steps = []
        self.requests = []
        self.released = threading.Event()
        self._server = _QuietServer(("127.0.0.1", 0), _Handler)
        self._server.scripted = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def base_url(self):
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def script(self, *steps):
        self.steps = [step if isinstance(step, Step) else Step(step) for step in steps]
        self.requests = []

    def start(self):
        self._thread.start()
        return self

    def stop(self):
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def next_step(self):
        return self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]


def delta(text, finish=None):
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": finish}
    return {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [choice]}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        scripted = self.server.scripted
        scripted.requests.append((self.path, dict(self.headers), body))
        self.asked = body
        step = scripted.next_step()
        try:
            getattr(self, step.kind)(step)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def answer(self, step):
        self._start("text/event-stream")
        for start in range(0, len(step.text), step.piece_chars):
            self._event(delta(step.text[start : start + step.piece_chars]))
        self._event(delta("", finish="stop"))
        if step.usage is not None:
            read, written = step.usage
            counted = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
            self._event(delta("") | {"choices": [], "usage": counted})
        self._raw("data: [DONE]\n\n")
        self._chunk(b"")

    def strict(self, step):
        """An endpoint that knows no more than the first fields of the API."""
        if "stream_options" in self.asked:
            self._error(400, {})
        else:
            self.answer(step)

    def too_many(self, step):
        self._error(429, {"Retry-After": "1"})

    def broken(self, step):
        self._error(500, {})

    def unauthorised(self, step):
        self._error(401, {})

    def not_json(self, step):
        self._start("text/html")
        self._raw("<html><body>It works!</body></html>")
        self._chunk(b"")

    def malformed(self, step):
        self._start("text/event-stream")
        self._raw('data: {"choices": [{"delta": {"content": "US$832 mil\n\n')
        self._chunk(b"")

    def odd_json(self, step):
        self._start("text/event-stream")
        self._raw('data: {"choices": "none", "object": 7}\n\ndata: [DONE]\n\n')
        self._chunk(b"")

    def empty(self, step):
        self._start("text/event-stream")
        self._event(delta("", finish="stop"))
        self._raw("data: [DONE]\n\n")
        self._chunk(b"")

    def cut(self, step):
        """Half the text, then the connection is dropped inside the chunked body."""
        self._start("text/event-stream")
        self._event(delta(step.text[: len(step.text) // 2]))
        self.close_connection = True

    def unfinished(self, step):
        """A clean end of the stream, without a reason to finish."""
        self._start("text/event-stream")
        self._event(delta(step.text))
        self._chunk(b"")

    def stall(self, step):
        """A word, then silence."""
        self._start("text/event-stream")
        self._event(delta("The "))
        self.server.scripted.released.wait(30)
        self.close_connection = True

    def silent(self, step):
        self.server.scripted.released.wait(30)
        self.close_connection = True

    def drip(self, step):
        """Never silent for long, never finished."""
        self._start("text/event-stream")
        while not self.server.scripted.released.wait(0.05):
            self._event(delta("."))

    def endless(self, step):
        self._start("text/event-stream")
        while not self.server.scripted.released.is_set():
            self._event(delta("and so on and so on " * 40))

    def _start(self, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _error(self, status, headers):
        body = json.dumps({"error": {"message": f"status {status}", "type": "server_error"}}).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _event(self, data):
        self._raw(f"data: {json.dumps(data, ensure_ascii=False)}\n\n")

    def _raw(self, text):
        self._chunk(text.encode())

    def _chunk(self, data):
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()
