#!/usr/bin/env python3
"""Sends a request to a web server, as WhatsApp would:

  web-hook.py PORT METHOD [--query Q] [--body FILE] [--secret S | --signature S] [--length N]

The body is signed with --secret. Prints the status and the answer in one line; --length
says another length than the body has. --seconds prints how long it took instead."""
import argparse
import hmac
import http.client
import time

parser = argparse.ArgumentParser()
parser.add_argument("port", type=int)
parser.add_argument("method")
parser.add_argument("--query", default="")
parser.add_argument("--body")
parser.add_argument("--secret")
parser.add_argument("--signature")
parser.add_argument("--length", type=int)
parser.add_argument("--seconds", action="store_true")
given = parser.parse_args()

body = open(given.body, "rb").read() if given.body else None
headers = {}
if body is not None:
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
if given.length is not None:
    headers["Content-Length"] = str(given.length)
if given.secret is not None:
    given.signature = "sha256=" + hmac.new(given.secret.encode(), body, "sha256").hexdigest()
if given.signature is not None:
    headers["X-Hub-Signature-256"] = given.signature
start = time.monotonic()
connection = http.client.HTTPConnection("127.0.0.1", given.port, timeout=60)
path = "/webhook/whatsapp" + ("?" + given.query if given.query else "")
connection.request(given.method, path, body, headers)
answer = connection.getresponse()
text = answer.read().decode(errors="replace").strip()
if given.seconds:
    print(f"{time.monotonic() - start:.1f}")
else:
    print(answer.status, text.replace("\n", " "))
