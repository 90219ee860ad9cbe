"""Somebody who takes notices over real HTTP on loopback, and may be told to misbehave."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from tests import PATIENCE


class Taken(NamedTuple):
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """`answers` are for the next requests, then `otherwise`: a status, or one of these words.

    "hang up" takes nothing and closes, "lost" takes it and closes; "hung" never answers, "slow" takes
    it and answers whom it kept waiting too long; "endless" and "headers" never come to an end.
    """

    def __init__(self) -> None:
        self.asked: list[Taken] = []
        self.taken: list[Taken] = []
        self.answers: list[int | str] = []
        self.otherwise: int | str = 200
        self.url = ""

    @contextmanager
    def listening(self, port: int = 0) -> Iterator[None]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.answer(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}/hooks/secret-part"
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers["content-length"])
        body = request.rfile.read(length)
        if len(body) < length:
            return  # whoever was sending died in the middle: a server hands on no half of a request
        headers = {name.lower(): value for name, value in request.headers.items()}
        one = Taken(request.path, headers, body)
        self.asked.append(one)
        told = self.answers.pop(0) if self.answers else self.otherwise
        request.close_connection = True
        if told == "hang up":
            return
        if told == "hung":
            self.until_gone(request)
            return
        if told == "lost":
            self.taken.append(one)
            return
        status = told if isinstance(told, int) else 200
        if status < 300:
            self.taken.append(one)
        if told == "slow":
            self.until_gone(request)
            return
        request.send_response(status)
        if 300 <= status < 400:
            request.send_header("location", "/elsewhere")
        with suppress(OSError):
            if told == "headers":
                for _ in range(400):
                    request.wfile.write(b"x-more: " + b"x" * 65536 + b"\r\n")
            request.end_headers()
            if told == "endless":
                for _ in range(400):
                    request.wfile.write(b"[" * 65536)

    @staticmethod
    def until_gone(request: BaseHTTPRequestHandler) -> None:
        """Say nothing until the other side has had enough."""
        request.connection.settimeout(PATIENCE)
        with suppress(OSError):
            while request.connection.recv(1024):
                pass


def signed_id(request: Taken) -> str:
    """The id by which a receiver drops what it has; the signature is as the specification says."""
    id_, stamp = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    key = f"http://{request.headers['host']}{request.path}".encode()
    signed = hmac.digest(key, f"{id_}.{stamp}.".encode() + request.body, "sha256")
    assert request.headers["webhook-signature"] == f"v1,{base64.b64encode(signed).decode()}"
    assert json.loads(request.body)["id"] == id_
    return id_
