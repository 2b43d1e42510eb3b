#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Sees to the packages that the suite needs: on Debian and its kin says which are missing and
# installs them (as root or by sudo); elsewhere, or without the right, lists them and exits 3.
#   setup.sh run      what `make topic=N` needs
#   setup.sh test     the same and what `make test` needs
#   setup.sh fuzz     the same and what `make fuzz` needs
#   setup.sh browser  what `make test-browser` needs besides
#   setup.sh fetch    what an optional program needs: fetch, publish, receive, enroll
set -u

run="gcc make pkg-config libc6-dev libsqlite3-dev libxml2-dev libgsl-dev libzip-dev libsodium-dev nettle-dev
     libxlsxwriter-dev libreadstat-dev libglpk-dev gnuplot-nox texlive-xetex texlive-lang-chinese fonts-noto-cjk
     fonts-noto-cjk-extra fonts-texgyre fontconfig"
transfer="libcurl4-openssl-dev libjansson-dev"
upload="libmicrohttpd-dev"
tests="libcmocka-dev glpk-utils python3-minimal libpython3-stdlib python3-pandas pspp openssl poppler-utils poppler-data qpdf faketime"

wanted=$run libraries="sqlite3 libxml-2.0 gsl libzip libsodium nettle xlsxwriter"
case ${1:-run} in
test) wanted="$run $transfer $upload $tests" ;;
fuzz) wanted="$run clang libclang-rt-14-dev unzip" ;;
fetch | publish) wanted=$transfer libraries="libcurl jansson" ;;
browser) wanted="chromium chromium-driver fonts-noto-cjk" libraries= ;;
receive | enroll) wanted=$upload libraries="libmicrohttpd" ;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
    # Not Debian: tell by the tools themselves.
    missing=
    for tool in gcc make pkg-config gnuplot xelatex fc-list; do
        command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
    done
    for library in $libraries; do
        pkg-config --exists "$library" 2>/dev/null || missing="$missing $library"
    done
    [ -z "$missing" ] && exit 0
    echo "错误：缺少以下软件，请用本系统的软件管理工具安装后重新运行：" >&2
    printf '  %s\n' $missing >&2
    exit 3
fi

missing=
for package in $wanted; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || status=
    [ "$status" = installed ] || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

echo "缺少以下软件包，现在安装（首次约需几分钟，下载约400MB）：" >&2
printf '  %s\n' $missing >&2
if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root=sudo
elif command -v sudo >/dev/null 2>&1 && [ -t 0 ]; then
    as_root=sudo
else
    echo "错误：没有安装权限。请管理员运行：apt-get install --no-install-recommends$missing" >&2
    exit 3
fi
export DEBIAN_FRONTEND=noninteractive
install="$as_root apt-get -o DPkg::Lock::Timeout=600 install -y -q --no-install-recommends $missing"
if $as_root apt-get -o DPkg::Lock::Timeout=600 -q update >&2 && $install >&2; then
    exit 0
fi
echo "错误：安装失败。请检查网络和软件源后重新运行，或手工运行：$install" >&2
exit 3
