"""The server: one thread a connection, requests logged in the order they came."""
import json
import socket
import ssl
import struct
import sys
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import api
import control
from answer import Answer, Request
from errors import ControlError

LINE = 1 << 16


class Link:
    """The connection as faults see it."""

    def __init__(self, handler, store):
        self.handler, self.socket = handler, handler.connection
        self.settings, self.ids = store.settings, store.ids

    def write(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            self.handler.close_connection = True

    def send(self, answer):
        self.write(answer.wire())

    def close(self, reset=False):
        """With FIN, or with RST and whatever was not read yet."""
        self.handler.close_connection = True
        try:
            if reset:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                socket.close(self.socket.detach())
            else:
                self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Handler(BaseHTTPRequestHandler):
    """Each request, whatever its path."""
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *unused):
        """The log is the store's."""

    def taken(self):
        """The body, in one length or in chunks."""
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            return b"".join(iter(self.chunk, b""))
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def chunk(self):
        size = int(self.rfile.readline(LINE).split(b";")[0], 16)
        data = self.rfile.read(size)
        self.rfile.readline(LINE)
        return data

    def without_body(self):
        """The request, but for its body."""
        parts = urllib.parse.urlsplit(self.path)
        scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        host = self.headers.get("Host") or f"127.0.0.1:{self.server.server_address[1]}"
        return Request(self.command, parts.path, dict(urllib.parse.parse_qsl(parts.query)),
                       [list(pair) for pair in self.headers.items()], f"{scheme}://{host}")

    def serve(self):
        request = self.without_body()
        if request.path.startswith("/_control"):
            request.body = self.taken()
            self.answer_control(request)
        else:
            self.answer_graph(request)

    def answer_control(self, request):
        try:
            it = json.loads(request.body) if request.body else request.query
            answer = Answer(200, control.answer(self.server.store, request, it))
        except (ControlError, ValueError) as error:
            answer = Answer(400, {"error": str(error)})
        Link(self, self.server.store).send(answer)

    def answer_graph(self, request):
        """The fault is chosen first: one may not even read the body."""
        store = self.server.store
        with store.lock:
            fault = store.faults.take(request.method, request.path)
        if not fault or fault.read:
            request.body = self.taken()
        with store.lock:
            entry, answer = store.note(request), None
            before = len(store.messages)
            if not fault or fault.accepted:
                answer = api.answer(store, request)
            entry |= {"status": answer.status if answer else None,
                      "fault": fault.mode if fault else None,
                      "accepted": len(store.messages) > before}
        link = Link(self, store)
        if fault:
            fault.play(fault, link, answer)
        else:
            link.send(answer)

    do_GET = do_POST = do_DELETE = serve  # pylint: disable=invalid-name


class Server(ThreadingHTTPServer):
    """On loopback alone."""
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port, store, certificate=None, key=None):
        super().__init__(("127.0.0.1", port), Handler)
        self.store, self.context = store, None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate, key)

    def get_request(self):
        """The TLS handshake is the thread's own matter: a slow one stops nobody else."""
        link, peer = super().get_request()
        if self.context:
            link = self.context.wrap_socket(link, server_side=True, do_handshake_on_connect=False)
        return link, peer

    def handle_error(self, *unused):
        """Callers who leave are no news; anything else is a fault of ours."""
        if not isinstance(sys.exc_info()[1], (OSError, EOFError)):
            super().handle_error(*unused)
