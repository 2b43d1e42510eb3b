# SPDX-License-Identifier: GPL-3.0-or-later
"""Attacks on the upload page: upload_attack.py PORT SERVER-PID PROJECT ENROLL PASSPHRASE-OF-410325
-OF-410423.  The server runs with -s 2 (MB) and -t 2 (seconds).  Nothing may be lost, nothing leak,
memory stay bounded.  Prints TAP without a plan; exits 1 when a check failed."""
import concurrent.futures
import hashlib
import os
import re
import socket
import subprocess
import sys
import time

from upload_page import Browser, Tap, multipart

port, pid, project, enroll, songxian, lushan = sys.argv[1:]
port = int(port)
tap = Tap()
TOPIC = "henan-2025/07"
DATA = f"{project}/data/{TOPIC}"
FOLDER = f"{DATA}/410325-嵩县"


def stored(folder=FOLDER):
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def everything():
    """All files of the project but those that the server and its checks may make."""
    found = set()
    for folder, _, names in os.walk(project):
        if not folder.startswith((FOLDER, f"{project}/reports/{TOPIC}/receive/410325",
                                  f"{project}/data/.receive")):
            found.update(f"{folder}/{n}" for n in names)
    return found


def memory(what):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return int(re.search(what + r":\s+(\d+)", f.read()).group(1)) // 1024


def left_half_way():
    """What is still in the private folder after a while."""
    for _ in range(50):
        left = os.listdir(f"{project}/data/.receive/incoming")
        if not left:
            break
        time.sleep(0.1)
    return left


def alive():
    return Browser(port).get("/") == 200


def raw(data, seconds=5, read=True):
    """What comes back for these very bytes; b'' when the connection just ends."""
    out = b""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as s:
        try:
            s.sendall(data)
            while read and len(out) < 65536:
                piece = s.recv(4096)
                if not piece:
                    break
                out += piece
        except OSError:
            pass
    return out


county, other = Browser(port), Browser(port)
tap.same("two counties sign in", [303, 303],
         [county.sign_in("410325", songxian), other.sign_in("410423", lushan)])
before = everything()

# ---- names
NAMES = [b"../../../../tmp/out.csv", b"..\\..\\out.csv", b"/etc/passwd", b"a/../../b.csv", b"..",
         b".", b".key", b"-rf", b"~$x.xlsx", b"SIMULATED", b"README.md", b"a'b$(touch x)`id`;c.csv",
         b"%2e%2e%2fx.csv", b"\xff\xfe\xfd.csv", "县".encode() * 3000, b"x" * 5000 + b".csv",
         b"con.csv", "‮gpj.xlsx".encode(), b"a\tb.csv", b"<img src=x onerror=alert(1)>.csv",
         b"x.csv\x00.png", b"topic.mk", b"$(shell touch x).csv"]
taken = [county.upload(TOPIC, [(name, b"name,%d\n" % i)]) for i, name in enumerate(NAMES)]
kept = stored()
tap.check("files with hostile names are kept, or refused where the name is absurdly long",
          all(status == 303 or (status == 400 and (len(name) > 4000 or b"\0" in name))
              for name, status in zip(NAMES, taken)) and len(kept) == taken.count(303), taken)
tap.check("under plain names",
          all(re.fullmatch(r"\d{8}-\d{6}-\d{4}-[^'\"$#`:;|&<>*?%~!/\\\x00-\x20]+", n)
              and len(n.encode()) < 200 for n in kept), "\n".join(kept))
tap.same("and nowhere else", set(), everything() - before)
county.get(f"/topics/{TOPIC}")
tap.check("a name is no HTML", "<img" not in county.text)

# ---- links
for path in ("/topics/../../etc/passwd", "/../../etc/passwd", "/topics/henan-2025/07/../08",
             "/topics/henan-2025/07/..%2f..%2f..%2fetc%2fpasswd", "/topics/%2e%2e/07", "/topics//",
             "/topics/henan-2025/99", "/topics/henan-2025/07/returns.xlsx/../../x",
             "/topics/henan-2025/07/410423/returns.xlsx", "/data/.receive/accounts",
             "/topics/henan-2025/07/paper/-1", "/topics/henan-2025/07/paper/99999999999999",
             "/style.css/../../receive.c", "/topics/" + "x" * 2000):
    status = county.get(path)
    tap.check(f"no way by {path[:60]}",
              status in (400, 403, 404, 414) and "root:" not in county.text
              and "argon2" not in county.text and "鲁山" not in county.text,
              f"{status} {county.text[:300]}")

# ---- forged and replayed tokens
before_names, theirs = stored(), stored(f"{DATA}/410423-鲁山县")
file = [(b"forged.csv", b"forged\n")]
tap.same("no token", 403, county.upload(TOPIC, file, token=""))
tap.same("a made-up token", 403, county.upload(TOPIC, file, token="0" * 64))
tap.same("another county's token", 403, county.upload(TOPIC, file, token=other.token))
tap.same("no cookie", 403, county.upload(TOPIC, file, cookies={}))
tap.same("a made-up cookie", 403, county.upload(TOPIC, file, cookies={"session": "0" * 64}))
edge, body = multipart([], file)
late = body.replace(b"--\r\n", b"") + (
    f'\r\nContent-Disposition: form-data; name="token"\r\n\r\n{county.token}\r\n--{edge}--\r\n'
).encode()
tap.same("the token behind the file", 403, county.ask(
    "POST", f"/topics/{TOPIC}/files", late,
    {"Content-Type": f"multipart/form-data; boundary={edge}"}))
strange = Browser(port)
tap.same("signing in from another site's form", 403,
         strange.form("/sign-in", {"token": "0" * 64, "code": "410325", "passphrase": songxian}))
tap.same("with a token that goes with no cookie", 403, strange.form(
    "/sign-in", {"token": strange.token, "code": "410325", "passphrase": songxian}, cookies={}))
tap.same("signing somebody out", 403, county.form("/sign-out", {"token": other.token}))
tap.same("nothing of it was stored", (before_names, theirs),
         (stored(), stored(f"{DATA}/410423-鲁山县")))

# ---- what is no HTTP, or too much of it
for what, data in {
        "rubbish": b"\x00\x01\x02" * 100,
        "an endless head": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: " + b"a" * 200000,
        "endless headers": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 50000,
        "two lengths": b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
                       b"Content-Length: 9\r\n\r\nabcdefghi",
        "a negative length": b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "another method": b"PUT /topics/henan-2025/07/files HTTP/1.1\r\nHost: x\r\n"
                          b"Content-Length: 0\r\n\r\n",
}.items():
    answer = raw(data)
    tap.check(f"{what} is refused", not answer or re.match(rb"HTTP/1.[01] 4\d\d", answer), answer[:200])
tap.check("and the server lives", alive())

# ---- too large
head = (f"POST /topics/{TOPIC}/files HTTP/1.1\r\nHost: x\r\nCookie: session="
        f"{county.cookies['session']}\r\nContent-Type: multipart/form-data; boundary=e\r\n")
start = ('--e\r\nContent-Disposition: form-data; name="token"\r\n\r\n' + county.token +
         '\r\n--e\r\nContent-Disposition: form-data; name="files"; filename="big.csv"\r\n\r\n')
before_names, peak = stored(), memory("VmRSS")
answer = raw((head + f"Content-Length: {1 << 30}\r\n\r\n" + start).encode())
tap.check("1 GB by its length: refused before it comes", answer.startswith(b"HTTP/1.1 413"),
          answer[:200])
sent = 0
with socket.create_connection(("127.0.0.1", port), timeout=20) as s:
    s.sendall((head + "Transfer-Encoding: chunked\r\n\r\n").encode())
    s.sendall(f"{len(start.encode()):x}\r\n{start}\r\n".encode())
    try:
        while sent < 1 << 30:
            s.sendall(b"100000\r\n" + b"x" * (1 << 20) + b"\r\n")
            sent += 1 << 20
    except OSError:
        pass
tap.check("1 GB without a length: cut off", sent < 64 << 20, f"{sent >> 20} MB were taken")
tap.same("3 MB where 2 are allowed: refused with a reason", 413,
         county.upload(TOPIC, [(b"big.csv", b"y" * (3 << 20))]))
tap.check("that the county can read", "太大" in county.text)
tap.same("too many files: refused", 413,
         county.upload(TOPIC, [(b"%d.csv" % i, b"%d" % i) for i in range(40)]))
tap.same("an empty file: refused", 400, county.upload(TOPIC, [(b"empty.csv", b"")]))
tap.same("nothing of it was stored", before_names, stored())
tap.same("nothing is left half-way", [], left_half_way())
grown = memory("VmRSS") - peak
tap.check("memory did not grow with it", grown < 40, f"{grown} MB")

# ---- a line that breaks
edge, body = multipart([("token", county.token)], [(b"half.csv", b"h" * 500000)])
raw((head.replace("boundary=e", f"boundary={edge}") + f"Content-Length: {len(body)}\r\n\r\n").encode()
    + body[:300000], read=False)
tap.same("nor is it left half-way", [], left_half_way())
tap.same("half a file is no file", before_names, stored())

# ---- slow senders: of the head, of the body
slow = []
for i in range(60):
    s = socket.create_connection(("127.0.0.1", port), timeout=20)
    s.sendall(b"GET / HTTP/1.1\r\nX: " if i % 2 else
              (head + "Content-Length: 5000\r\n\r\n--e\r\n").encode())
    slow.append(s)
began, closed, lives = time.time(), set(), True
while len(closed) < len(slow) and time.time() - began < 15:
    for i, s in enumerate(slow):
        if i not in closed:
            try:
                s.setblocking(False)
                s.sendall(b"a")
                if s.recv(4096) == b"":
                    closed.add(i)
            except BlockingIOError:
                pass
            except OSError:
                closed.add(i)
    lives = lives and alive()
    time.sleep(0.2)
for s in slow:
    s.close()
tap.check("the others are served meanwhile", lives)
tap.check("slow senders are cut off", len(closed) == len(slow),
          f"{len(closed)} of {len(slow)} in {time.time() - began:.0f} s")

# ---- 200 at once
FILES = {b"flood-%03d.csv" % i: b"%d," % i + os.urandom(40000) for i in range(200)}
cookies, token = dict(county.cookies), county.token


def send(item):
    one = Browser(port)
    status = one.upload(TOPIC, [item], token=token, cookies=cookies)
    return status, one.location.rsplit("/", 1)[-1]


before_names = set(stored())
with concurrent.futures.ThreadPoolExecutor(200) as pool:
    answers = list(pool.map(send, FILES.items()))
tap.same("200 uploads at once: all are taken", [303] * 200, [a[0] for a in answers])
tap.same("each with a receipt of its own", 200, len({a[1] for a in answers}))
new = set(stored()) - before_names
digest = lambda b: hashlib.sha256(b).hexdigest()  # noqa: E731
tap.same("each whole", sorted(map(digest, FILES.values())),
         sorted(digest(open(f"{FOLDER}/{n}", "rb").read()) for n in new))
with open(f"{project}/data/.receive/journal", encoding="utf-8") as f:
    lines = [line.split("\t") for line in f]
receipts = [x[4] for x in lines if x[1] == "upload"]
tap.check("each in the journal once", len(receipts) == len(set(receipts))
          and {a[1] for a in answers} <= set(receipts))
peak = memory("VmHWM")
print(f"# the server's memory was never above {peak} MB", flush=True)
tap.check("memory stays bounded", peak < 160, f"{peak} MB")

# ---- what the check reads
check = Browser(port)
tap.same("another county still works", 303, check.sign_in("410423", lushan))
bomb = b"PK\x03\x04" + os.urandom(3000)
for name, bytes_ in ((b"bomb.xlsx", bomb), (b"deep.xml", b"<a>" * 100000),
                     (b"row.csv", b"," * (1 << 20)),
                     (b"script.csv", "所在县,村名\n<script>alert(1)</script>,\"<b>\"\n".encode())):
    check.upload(TOPIC, [(name, bytes_)])
tap.check("hostile contents are checked", check.wait(f"/topics/{TOPIC}", 120), check.text)
tap.check("and shown as text", "<script>alert" not in check.text and "<b>&" not in check.text)
tap.check("and the server lives", alive())

# ---- passphrases cannot be tried out
thief = Browser(port)
codes = [thief.sign_in("410325", f"{i:012d}") for i in range(6)]
tap.same("five tries, then no more", [403] * 5 + [429], codes)
tap.same("even the right one is refused then", 429, thief.sign_in("410325", songxian))
tap.same("who is signed in stays so", 200, county.get(f"/topics/{TOPIC}"))
tap.same("other counties are not locked out", 303, Browser(port).sign_in("410423", lushan))


def reset(code):
    said = subprocess.run([enroll, code], capture_output=True, text=True, check=True).stdout
    return re.search("口令：(.*)", said).group(1)


tap.same("a new passphrase ends the lock-out", 303, thief.sign_in("410325", reset("410325")))
fresh = reset("410423")
tap.same("and the old one's sessions", 403, check.get(f"/topics/{TOPIC}"))
tap.same("and the old one", 403, Browser(port).sign_in("410423", lushan))
tap.same("and opens the account", 303, Browser(port).sign_in("410423", fresh))
sys.exit(tap.bad > 0)
