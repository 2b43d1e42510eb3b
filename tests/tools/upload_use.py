# SPDX-License-Identifier: GPL-3.0-or-later
"""The upload page in use: upload_use.py PORT PROJECT FIELD PASSPHRASE-OF-410325 -OF-410423 OFFICE

FIELD: the answers to the field data (tests/field/henan-2025-07), which we did not write.
Prints TAP without a plan; exits 1 when a check failed."""
import csv
import io
import os
import re
import subprocess
import sys
import zipfile

from upload_page import Browser, Tap

port, project, field, songxian, lushan, office = sys.argv[1:]
tap = Tap()
TOPIC = "henan-2025/07"
SENT = f"{project}/topics/{TOPIC}/rehearsal/410325-嵩县"
FOLDER = f"{project}/data/{TOPIC}/410325-嵩县"


def content(name):
    with open(f"{SENT}/{name}", "rb") as f:
        return f.read()


def stored():
    return sorted(os.listdir(FOLDER)) if os.path.isdir(FOLDER) else []


names = sorted(n for n in os.listdir(SENT) if n.endswith(".csv"))
county = Browser(int(port))

# ---- signing in
tap.same("the sign-in page", 200, county.get("/"))
token = county.token
county.get("/favicon.ico")
tap.same("what else a browser looks for leaves the form good", token, county.token)
tap.same("a wrong passphrase", 403, county.sign_in("410325", "0000-0000-0000"))
tap.check("does not say which of the two was wrong", "县代码或口令不对" in county.text)
tap.same("an unknown county reads the same", 403, county.sign_in("999999", songxian))
tap.check("the very same words", "县代码或口令不对" in county.text)
wide = songxian.translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})
tap.same("full-width digits, as an input method gives them", 303,
         county.sign_in("４１０３２５", wide))
tap.check("the county sees its name, and that nothing was sent",
          "嵩县" in county.text and "还没有收到您县的资料" in county.text, county.text)
tap.check("one topic is shown at once", "报送文件" in county.text)
tap.same("a page without script has no inline script or style", None,
         re.search(r"<script(?! src=\"/upload.js\")|style=|\son[a-z]+=", county.text))

# ---- sending
everything = [(n.encode(), content(n)) for n in names]
tap.check("one of the files is in GBK", any(b"\xb4\xe5" in c for _, c in everything))
tap.same("all files of the field data at once", 303, county.upload(TOPIC, everything))
receipt = county.location.rsplit("/", 1)[-1]
tap.check("a receipt number", re.fullmatch(r"\d{8}-\d{4}", receipt), county.location)
tap.same("stored under the county's own names with a stamp", names,
         sorted(n.split("-", 3)[3] for n in stored()))
tap.check("the number is in them", all(receipt.split("-")[1] in n for n in stored()))
tap.same("byte by byte", sorted(c for _, c in everything),
         sorted(open(f"{FOLDER}/{n}", "rb").read() for n in stored()))
tap.check("the answer comes within seconds", county.wait(county.location, 60), county.text)
tap.check("with the receipt", receipt in county.text and "收到了" in county.text)

# ---- what is to be mended: as the answers to the field data have it
with open(f"{field}/problems.csv", encoding="utf-8-sig", newline="") as f:
    answers = [r for r in csv.DictReader(f)
               if r["county"] == "410325" and r["class"] in ("returned", "held", "file", "soft")]
places, total = county.problems()
tap.same("as many problems as the field's answers have", len(answers), total)
wanted = {(r["file"], r["row"], r["column"]) for r in answers}
got = set()
for place in places:
    m = re.fullmatch(r"(.*?)，第(\d+)行(?:，“(.*)”栏|（整条记录）)", place)
    got.add((m.group(1), m.group(2), re.sub(r"^.* (?=[a-z])", "", m.group(3) or "")) if m else place)
tap.check("each of those listed is one of them", places and got <= wanted, sorted(
    map(str, got - wanted))[:5])
tap.same("and the rest is named", f"其余{total - len(places)}处见回填单",
         "".join(re.findall(r"其余\d+处见回填单", county.text)))

# ---- the return workbook
tap.same("the return workbook", 200, county.get(f"/topics/{TOPIC}/returns.xlsx"))
book = zipfile.ZipFile(io.BytesIO(county.body))
sheets = book.read("xl/workbook.xml").decode()
tap.check("is a workbook with the list", "回填单" in sheets, sheets)
tap.check("and is saved under a name", "attachment" in county.headers["Content-Disposition"])
with open(f"{project}/returned.xlsx", "wb") as f:
    f.write(county.body)

# ---- the answers come back
subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "answer_return.py"),
                f"{project}/returned.xlsx", f"{project}/answered.xlsx",
                "phone", "constraint", "改为", "15412345678"], check=True, stdout=subprocess.DEVNULL)
with open(f"{project}/answered.xlsx", "rb") as f:
    tap.same("the workbook filled in", 303, 
             county.upload(TOPIC, [("回填单.xlsx".encode(), f.read())]))
county.wait(county.location)
tap.same("is taken: one problem fewer", total - 1, county.problems()[1])

# ---- the same again, a correction
before = stored()
tap.same("the same file again", 303, county.upload(TOPIC, everything[:1]))
tap.check("has the receipt of the first time", f"/{receipt}?again=1" in county.location)
tap.same("and is not stored again", before, stored())
county.get(county.location)
tap.check("the county is told", "不用再报" in county.text)
mended = content(names[0]) + b"\r\n"
tap.same("a mended file", 303,
         county.upload(TOPIC, [(names[0].encode(), mended)], kind="correction"))
new = [n for n in stored() if n not in before]
tap.check("is a correction by its name", len(new) == 1 and "-更正-" in new[0], new)
county.wait(county.location)
open_now = county.problems()[1]

# ---- taken back
before = stored()
tap.same("a wrong file", 303, county.upload(TOPIC, [("会议通知.docx".encode(), b"PK\x03\x04 no")]))
county.wait(f"/topics/{TOPIC}")
tap.same("is one problem more", open_now + 1, county.problems()[1])
wrong = [n for n in stored() if n not in before][0]
tap.same("without a token it stays", 403, county.form(f"/topics/{TOPIC}/withdraw", {"file": wrong}))
fields = {"token": county.token, "file": wrong}
for name in ("../410325-嵩县/" + wrong, ".", "", f"{FOLDER}/{wrong}"):
    tap.same(f"no other name takes it: {name[:12]}", 404,
             county.form(f"/topics/{TOPIC}/withdraw", {**fields, "file": name}))
tap.same("nothing has changed", sorted(before + [wrong]), stored())
tap.same("the county takes it back", 200, county.form(f"/topics/{TOPIC}/withdraw", fields))
tap.same("it is out of the folder", before, stored())
tap.check("and kept elsewhere", os.path.exists(
    f"{project}/data/.receive/withdrawn/{TOPIC}/410325/{wrong}"))
tap.same("twice is once", 404, county.form(f"/topics/{TOPIC}/withdraw", fields))
county.wait(f"/topics/{TOPIC}")
tap.same("its problem is gone", open_now, county.problems()[1])

# ---- others
other = Browser(int(port))
tap.same("another county signs in", 303, other.sign_in("410423", lushan))
for path in ("/", f"/topics/{TOPIC}", f"/topics/{TOPIC}/receipts/{receipt}"):
    other.get(path)
    tap.check(f"and sees nothing of the first on {path}",
              not any(w in other.text for w in ("嵩县", "410325", "要核实的内容")), other.text)
tap.same("nor its workbook", 404, other.get(f"/topics/{TOPIC}/returns.xlsx"))
staff = Browser(int(port))
tap.same("staff sign in", 303, staff.sign_in("office", office))
staff.wait("/")
row = re.search(r"410325 嵩县</th>(.*?)</tr>", staff.text)
tap.check("the overview has the county's numbers", row and "待核实" in row.group(1)
          and f"<td>{open_now}</td>" in row.group(1), row and row.group(0))
reminder = re.search(r"<textarea.*?>(.*?)</textarea>", staff.text, re.S).group(1)
late, asked = reminder.split("已报送、还有内容要核实的：")
tap.check("the reminder names who has not sent", "鲁山县" in late and "嵩县" not in late, reminder)
tap.check("and who has something to mend", re.search(r"嵩县（\d+处）", asked), reminder)
tap.same("staff have no county's pages", 404, staff.get(f"/topics/{TOPIC}"))

# ---- out
token, jar = county.token, dict(county.cookies)
tap.same("signing out", 303, county.form("/sign-out", {"token": county.token}))
county.get("/")
tap.check("asks to sign in again", "请登录" in county.text)
county.get(f"/topics/{TOPIC}", cookies=jar)
tap.check("the old cookie is worth nothing", county.status == 403 and "嵩县" not in county.text)
before = stored()
tap.check("nor with its token", county.upload(TOPIC, [(b"x.csv", b"a,b\n1,2\n")], token=token,
                                              cookies=jar) == 403)
tap.same("nothing was stored", before, stored())
sys.exit(tap.bad > 0)
