#!/usr/bin/env python3
"""login-server.py SOCKET PORTS KIND...: tells a Postfix who may log in, in the words of
Dovecot (its authentication protocol, version 1): the user "portal" with "uma senha". First
writes two free ports a KIND to the file PORTS. Ends by itself after ten minutes."""

import base64
import os
import socket
import socketserver
import sys
import threading

HELLO = b"VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t" + b"0" * 32 + b"\nDONE\n"
GOOD = b"\0portal\0uma senha"


class Login(socketserver.StreamRequestHandler):
    def answer(self, number, response):
        if response is None:
            return b"CONT\t" + number + b"\t\n"
        good = base64.b64decode(response) == GOOD
        return b"OK\t" + number + b"\tuser=portal\n" if good else b"FAIL\t" + number + b"\tuser=portal\n"

    def handle(self):
        self.wfile.write(HELLO)
        for line in self.rfile:
            words = line.rstrip(b"\n").split(b"\t")
            if words[0] == b"AUTH":
                given = [w[5:] for w in words if w.startswith(b"resp=")]
                self.wfile.write(self.answer(words[1], given[0] if given else None))
            elif words[0] == b"CONT":
                self.wfile.write(self.answer(words[1], words[2]))


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


def write_ports(path, kinds):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2 * len(kinds))]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    with open(path + ".new", "w", encoding="ascii") as file:
        for i, kind in enumerate(kinds):
            print(kind, ports[2 * i], ports[2 * i + 1], file=file)
    os.rename(path + ".new", path)


threading.Timer(600, lambda: os._exit(0)).start()
server = Server(sys.argv[1], Login)
os.chmod(sys.argv[1], 0o666)
write_ports(sys.argv[2], sys.argv[3:])
server.serve_forever()
