#!/usr/bin/env python3
"""Hostile HTTP(S) peer standing in for the WhatsApp Cloud API. Loopback only, stdlib only.

usage: evil-http.py --mode MODE --log LOG.ndjson [--port 0] [--portfile F] [--cert C --key K]
                    [--fail-first N] [--hold S] [--other http://127.0.0.1:P/]
Log lines: {"ev":"req","method","path","auth":bool,"host","body_sha256","opaque","to"},
{"ev":"accepted","opaque","to","sha256","replied":bool} when a real API would have sent the message.
"""
import argparse, gzip, hashlib, json, os, socket, ssl, struct, sys, threading, time
ap = argparse.ArgumentParser()
ap.add_argument('--mode', default='ok'); ap.add_argument('--log', required=True)
ap.add_argument('--port', type=int, default=0); ap.add_argument('--portfile')
ap.add_argument('--cert'); ap.add_argument('--key'); ap.add_argument('--fail-first', type=int, default=-1)
ap.add_argument('--hold', type=float, default=3600); ap.add_argument('--other', default='http://127.0.0.1:9/')
ap.add_argument('--max-seconds', type=float, default=900)
A = ap.parse_args()
E = lambda code, typ='OAuthException', sub=None: json.dumps({'error': {'message': f'(#{code}) test', 'type': typ, 'code': code,
      'error_data': {'messaging_product': 'whatsapp', 'details': 'details'}, 'error_subcode': sub, 'fbtrace_id': 'Az1'}}).encode()
OK = lambda: json.dumps({'messaging_product': 'whatsapp', 'contacts': [{'input': 'x', 'wa_id': '5511999990000'}],
      'messages': [{'id': 'wamid.' + hashlib.sha256(os.urandom(8)).hexdigest()[:40]}]}).encode()
STATUS = {  # mode: (status, headers, body)
 '400-100': (400, [], E(100)), '401-190': (401, [], E(190, sub=463)), '403-10': (403, [], E(10)), '404': (404, [], b'nope'),
 '400-131026': (400, [], E(131026)), '400-131047': (400, [], E(131047)), '400-131051': (400, [], E(131051)), '404-132001': (404, [], E(132001)),
 '429-130429': (429, [], E(130429)), '429-ra2': (429, ['Retry-After: 2'], E(80007)), '429-ra-date': (429, ['Retry-After: Wed, 21 Oct 2037 07:28:00 GMT'], E(80007)),
 '429-ra-past': (429, ['Retry-After: Wed, 21 Oct 2015 07:28:00 GMT'], E(80007)), '429-ra-huge': (429, ['Retry-After: 99999999999999999999'], E(80007)),
 '429-ra-neg': (429, ['Retry-After: -5'], E(80007)), '429-ra-junk': (429, ['Retry-After: soon\x1b[31m'], E(80007)),
 '400-131056': (400, [], E(131056)), '500-131000': (500, [], E(131000)), '500': (500, [], b''), '502': (502, [], b'<html>'), '503-131016': (503, [], E(131016)),
 '503-ra5': (503, ['Retry-After: 5'], b''), '504': (504, [], b''), '408': (408, [], b''), '413': (413, [], b''), '418': (418, [], b''), '999': (999, [], b''),
 '301-other': (301, ['Location: @O'], b''), '302-other': (302, ['Location: @O'], b''), '307-other': (307, ['Location: @O'], b''), '308-other': (308, ['Location: @O'], b''),
 '302-file': (302, ['Location: file:///etc/passwd'], b''), '200-empty': (200, [], b''), '200-html': (200, [], b'<html>captive portal</html>'),
 '200-badjson': (200, [], b'{"messages":[{"id":'), '200-noid': (200, [], b'{"messages":[]}'), '200-idnum': (200, [], b'{"messages":[{"id":5}]}'),
 '200-deep': (200, [], b'[' * 100000 + b']' * 100000), '200-dupkeys': (200, [], b'{"messages":[],"messages":[{"id":"wamid.B"}]}'),
 '200-errorbody': (200, [], E(131000)), '200-nul': (200, [], b'{"messages":[{"id":"wamid.A\\u0000B"}]}'), '200-esc': (200, [], b'{"messages":[{"id":"wamid.\\u001b[31mX"}]}'),
 '204': (204, [], b''), '201': (201, [], b'{}')}
SPECIAL = """ok rst-before rst-after-headers rst-after-body fin-after-body silent-after-body silent headers-slowloris body-slowloris
truncated huge-body gzip-bomb header-flood header-huge http09 not-http bad-chunk dup-cl endless-100 keepalive-close
reused-fin reused-rst echo-token""".split()
if A.mode not in STATUS and A.mode not in SPECIAL: sys.exit('modes: ' + ' '.join(SPECIAL + list(STATUS)))
lock = threading.Lock(); logf = open(A.log, 'a', buffering=1)
def log(**k):
    with lock: logf.write(json.dumps(k) + '\n')
def rst(s):
    try: s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); s.close()
    except OSError: pass
def handle(s, n, m, again=False):
    buf = b''
    while b'\r\n\r\n' not in buf:
        d = s.recv(65536)
        if not d: return
        buf += d
    head, body = buf.split(b'\r\n\r\n', 1); lines = head.decode('latin1').split('\r\n')
    h = {k.lower(): v.strip() for k, v in (x.split(':', 1) for x in lines[1:] if ':' in x)}
    if m == 'rst-after-headers': rst(s); return
    if h.get('expect', '').lower() == '100-continue': s.sendall(b'HTTP/1.1 100 Continue\r\n\r\n')
    want = int(h.get('content-length', 0))
    while len(body) < want:
        d = s.recv(65536)
        if not d: break
        body += d
    try: j = json.loads(body)
    except ValueError: j = {}
    if not isinstance(j, dict): j = {}
    meth, path = (lines[0].split(' ') + ['', ''])[:2]
    log(ev='req', n=n, mode=m, method=meth, path=path, auth='authorization' in h, host=h.get('host'), ua=h.get('user-agent'),
        sha256=hashlib.sha256(body).hexdigest(), opaque=j.get('biz_opaque_callback_data'), to=j.get('to'))
    acc = lambda replied: log(ev='accepted', n=n, opaque=j.get('biz_opaque_callback_data'), to=j.get('to'), sha256=hashlib.sha256(body).hexdigest(), replied=replied)
    def resp(code, hd, b, cl=None):
        hd = [x.replace('@O', A.other) for x in hd]
        s.sendall(('HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n' %
                   (code, len(b) if cl is None else cl, ''.join(x + '\r\n' for x in hd))).encode('latin1') + b)
    if m in STATUS:
        c, hd, b = STATUS[m]
        if m.startswith('20'): acc(True)
        return resp(c, hd, b)
    if m == 'ok' or m == 'keepalive-close': acc(True); return resp(200, [], OK())
    if m.startswith('reused-'):  # the first is answered, the second on the same connection accepted in silence
        acc(not again)
        if again: return rst(s) if m == 'reused-rst' else None
        b = OK(); s.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n' % len(b) + b)
        return handle(s, n, m, True)
    if m == 'echo-token': return resp(400, [], json.dumps({'error': {'message': 'you said ' + h.get('authorization', ''), 'code': 100}}).encode())
    if m == 'rst-after-body': acc(False); rst(s); return
    if m == 'fin-after-body': acc(False); return
    if m == 'silent-after-body': acc(False); time.sleep(A.hold); return
    if m == 'silent': time.sleep(A.hold); return
    if m == 'headers-slowloris':
        acc(False)
        for ch in b'HTTP/1.1 200 OK\r\nX: ' + b'y' * 100000: s.sendall(bytes([ch])); time.sleep(.2)
    if m == 'body-slowloris':
        acc(True); s.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n')
        for _ in range(100000): s.sendall(b' '); time.sleep(.2)
    if m == 'truncated': acc(True); b = OK(); return resp(200, [], b[:40], cl=len(b))
    if m == 'huge-body':
        acc(True); s.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{"messages":"')
        while True: s.sendall(b'A' * 65536)
    if m == 'gzip-bomb': acc(True); return resp(200, ['Content-Encoding: gzip'], gzip.compress(b'A' * (1 << 28), 9))
    if m == 'header-flood':
        acc(True); s.sendall(b'HTTP/1.1 200 OK\r\n')
        while True: s.sendall(b'X-A: b\r\n' * 1000)
    if m == 'header-huge': acc(True); return resp(200, ['X-Big: ' + 'z' * 5000000], OK())
    if m == 'http09': acc(True); s.sendall(OK()); return
    if m == 'not-http': s.sendall(os.urandom(2000)); return
    if m == 'bad-chunk': acc(True); s.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nfoo\r\n'); return
    if m == 'dup-cl': acc(True); b = OK(); s.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: %d\r\n\r\n' % len(b) + b); return
    if m == 'endless-100':
        while True: s.sendall(b'HTTP/1.1 100 Continue\r\n\r\n'); time.sleep(.01)
def serve(s, n, m):
    try:
        if m == 'rst-before': rst(s); return
        if A.cert:
            c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.set_ciphers("DEFAULT:@SECLEVEL=0"); c.load_cert_chain(A.cert, A.key); s = c.wrap_socket(s, server_side=True)
        handle(s, n, m)
    except (OSError, ValueError) as e: log(ev='end', n=n, why=repr(e)[:80])
    finally:
        try: s.close()
        except OSError: pass
L = socket.socket(); L.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); L.bind(('127.0.0.1', A.port)); L.listen(64)
print(L.getsockname()[1], flush=True)
if A.portfile: open(A.portfile + '.t', 'w').write(str(L.getsockname()[1])); os.rename(A.portfile + '.t', A.portfile)
threading.Timer(A.max_seconds, lambda: os._exit(0)).start(); n = 0
while True:
    s, _ = L.accept(); n += 1
    m = A.mode if A.fail_first < 0 or n <= A.fail_first else 'ok'
    threading.Thread(target=serve, args=(s, n, m), daemon=True).start()
