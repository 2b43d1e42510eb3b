#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Missing packages: named, installed where that is allowed, listed elsewhere with exit 3.  The
# system's tools are played by small scripts, so that nothing is installed here.
. "$(dirname "$0")/lib.sh"
shim=$scratch/shim
mkdir "$shim"
for tool in sh cat printf echo true env grep sed; do ln -s "$(command -v $tool)" "$shim/$tool"; done
play() { printf '#!/bin/sh\n%s\n' "$2" >"$shim/$1" && chmod +x "$shim/$1"; }
setup() { PATH=$shim "$root/pipeline/setup.sh" "$@" </dev/null; }
says() { grep -q -- "$1" "$scratch/out"; report $? "  and says: $1"; }

play dpkg-query 'for last; do :; done; [ "$last" = gnuplot-nox ] || echo installed'
play id 'echo 1000'
play apt-get 'echo "apt $*"'
check_exit 3 'a package is missing, no root and no sudo' setup run
says gnuplot-nox
says '请管理员运行：apt-get install'

play id 'echo 0'
check_exit 0 'the same as root' setup run
says '缺少以下软件包'
says 'apt .*install .*gnuplot-nox'

play apt-get 'exit 100'
check_exit 3 'the installation fails' setup run
says 安装失败

play dpkg-query 'echo installed'
check_exit 0 'nothing is missing' setup run
check_same 'and nothing is said' '' "$(cat "$scratch/out" | grep -v '^exit')"

rm "$shim/dpkg-query"
check_exit 3 'not Debian: what is missing is listed' setup run
says xelatex
finish
