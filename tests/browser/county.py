# SPDX-License-Identifier: GPL-3.0-or-later
"""The upload page in headless Chromium, as a county and the staff use it:
county.py PORT PROJECT FIELD PASSPHRASE-OF-410325 PASSPHRASE-OF-410423 OFFICE PICTURES"""
import csv
import glob
import os
import re
import sys
import time
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "tools"))
from upload_page import Tap  # noqa: E402
from webdriver import Chromium  # noqa: E402

port, project, field, songxian, lushan, office, pictures = sys.argv[1:]
tap = Tap()
BASE = f"http://127.0.0.1:{port}"
TOPIC = "henan-2025/07"
SENT = sorted(glob.glob(f"{project}/topics/{TOPIC}/rehearsal/410325-嵩县/*.csv"))
gbk = next(f for f in SENT if b"\xb4\xe5" in open(f, "rb").read())


def shot(page, name):
    page.picture(f"{pictures}/{name}.png")
    tap.check(f"{name}: nothing sticks out sideways", page.run(
        "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def sign_in(page, code, passphrase):
    page.go(BASE + "/")
    page.type("#code", code)
    page.type("#passphrase", passphrase)
    page.click("form.card button")
    return page.wait(lambda p: "退出" in p.text())


with open(f"{field}/problems.csv", encoding="utf-8-sig", newline="") as f:
    answers = [r for r in csv.DictReader(f)
               if r["county"] == "410325" and r["class"] in ("returned", "held", "file", "soft")]

# ---- a desk, with script
with Chromium(1280, 900, downloads=pictures) as page:
    page.go(BASE + "/")
    shot(page, "desk-sign-in")
    tap.check("a county signs in", sign_in(page, "410325", songxian), page.text())
    shot(page, "desk-nothing-sent")
    tap.check("the GBK file of the field data is among those sent", gbk in SENT)
    page.run("window.seen = []; new MutationObserver(function () { window.seen.push("
             "document.querySelector('[role=progressbar]').getAttribute('aria-valuenow')); })"
             ".observe(document.querySelector('form.upload'), {attributes: true, subtree: true});"
             "window.addEventListener('pagehide', function () {"
             "sessionStorage.seen = window.seen.join(' '); });")
    page.type("#files", "\n".join(SENT))
    began = time.time()
    page.click("form.upload button")
    tap.check("a receipt", page.wait(lambda p: re.search(r"回执号：\d{8}-\d{4}", p.text())), page.text())
    tap.check("it watched the file go up", "100" in (page.run("return sessionStorage.seen") or ""))
    tap.check("the page turns to the result by itself", page.wait(lambda p: "检查完了" in p.text()))
    print(f"# from the click to the problems: {time.time() - began:.1f} s", flush=True)
    tap.check("the problems are those of the field's answers",
              f"要核实的内容（{len(answers)}处）" in page.text())
    shot(page, "desk-receipt")
    page.go(f"{BASE}/topics/{TOPIC}")
    shot(page, "desk-problems")
    page.click('a[href$="returns.xlsx"]')
    tap.check("the workbook is downloaded", page.wait(
        lambda _: glob.glob(f"{pictures}/*回填单*.xlsx")))
    book = zipfile.ZipFile(glob.glob(f"{pictures}/*回填单*.xlsx")[0])
    tap.check("and whole", book.testzip() is None and "xl/workbook.xml" in book.namelist())
    messages = page.call("POST", "/se/log", {"type": "browser"})
    tap.check("the browser had nothing to complain of",
              not [m for m in messages if "Security" in m["message"] or "favicon" not in m["message"]],
              messages)

# ---- a telephone, without script
with Chromium(390, 844, script=False) as page:
    tap.check("without script another county signs in", sign_in(page, "410423", lushan))
    shot(page, "phone-nothing-sent")
    page.type("#files", sorted(glob.glob(f"{project}/topics/{TOPIC}/rehearsal/410423-*/*.csv"))[0])
    page.click("form.upload button")
    tap.check("and sends", page.wait(lambda p: "回执号" in p.text()), page.text())
    tap.check("the page turns to the result by itself, too",
              page.wait(lambda p: "检查完了" in p.text()), page.text())
    shot(page, "phone-receipt")
    page.go(f"{BASE}/topics/{TOPIC}")
    shot(page, "phone-problems")
    tap.check("nothing of the other county", "嵩县" not in page.text())

# ---- the keyboard alone
with Chromium(1280, 900) as page:
    page.go(BASE + "/")
    page.keys("tab", "tab", "tab", "410325", "tab", songxian, "enter")
    tap.check("the keyboard alone signs in", page.wait(lambda p: "退出" in p.text()), page.text())
    focus = ("var e = document.activeElement, l = e.labels && e.labels[0];"
             "return e.tagName + ' ' + (e.getAttribute('aria-label') || (l ? l.textContent : '')"
             " || e.textContent).trim();")
    reached = []
    for _ in range(12):
        page.keys("tab")
        reached.append(page.run(focus))
    tap.check("and reaches all that there is to do, each with its name",
              all(any(w in r for r in reached) for w in
                  ("跳到正文", "退出", "下载回填单", "选您要报的文件", "新的资料", "报　送"))
              and all(r.split(" ", 1)[1] for r in reached if r.split()[0] in ("INPUT", "BUTTON", "A")),
              "\n".join(reached))
    tree = page.develop("Accessibility.getFullAXTree", {})
    roles = {(n.get("role", {}).get("value"), n.get("name", {}).get("value", ""))
             for n in tree["nodes"] if not n.get("ignored")}
    tap.check("a screen reader finds headings, the state and names",
              ("heading", "课题7") in roles and any(r == "status" for r, _ in roles)
              and any(r == "main" for r, _ in roles)
              and all(n for r, n in roles if r in ("button", "link", "textbox", "radio")),
              sorted(r for r in roles if not r[1]))

# ---- too large, with script: said before anything is sent
with Chromium(1280, 900) as page:
    sign_in(page, "410325", songxian)
    big = f"{pictures}/big.csv"
    with open(big, "wb") as f:
        f.truncate(60 << 20)
    page.type("#files", big)
    page.click("form.upload button")
    tap.check("too large a file is refused at once", page.wait(lambda p: "文件太大" in p.text()))
    os.unlink(big)

# ---- the staff
for name, width in (("desk", 1280), ("phone", 390)):
    with Chromium(width, 900) as page:
        tap.check(f"staff sign in ({name})", sign_in(page, "office", office))
        page.wait(lambda p: "正在检查" not in p.text() or p.go(BASE + "/"))
        tap.check("and see how the counties stand",
                  re.search(rf"410325 嵩县\s+待核实\s+5\s+\d+\s+\d+\s+{len(answers)}", page.text()),
                  page.text()[:600])
        tap.check("with a text to paste",
                  "还没有报送的" in page.run("return document.querySelector('textarea').value"))
        page.picture(f"{pictures}/{name}-staff.png")
sys.exit(tap.bad > 0)
