# SPDX-License-Identifier: GPL-3.0-or-later
# The whole vocabulary of the end-to-end tests.  Source it first; it goes to a private folder
# with a copy of what a run needs, and prints TAP.
#   check 'what' command…            the command must succeed
#   check_exit N 'what' command…     it must leave with exactly N (a crash is never accepted)
#   check_same 'what' wanted got     two texts must be equal
#   finish                           the plan line; last in every test
root=$(cd "$(dirname "$0")/../.." && pwd)
bin=${SURVEY_BIN:-$root/build/bin}
scratch=$(mktemp -d) || exit 3
trap 'rm -rf "$scratch"' EXIT
count=0 bad=0

report() { # ok? name
    count=$((count + 1))
    if [ "$1" = 0 ]; then
        echo "ok $count - $2"
    else
        bad=$((bad + 1))
        echo "not ok $count - $2"
        sed 's/^/#   /' "$scratch/out" 2>/dev/null | tail -15
    fi
}
check() {
    what=$1
    shift
    "$@" >"$scratch/out" 2>&1
    report "$?" "$what"
}
check_exit() {
    wanted=$1 what=$2
    shift 2
    "$@" >"$scratch/out" 2>&1
    rc=$?
    echo "exit $rc, wanted $wanted" >>"$scratch/out"
    [ "$rc" = "$wanted" ]
    report "$?" "$what"
}
check_same() {
    printf 'wanted: %s\ngot:    %s\n' "$2" "$3" >"$scratch/out"
    [ "$2" = "$3" ]
    report "$?" "$1"
}
finish() {
    echo "1..$count"
    [ "$bad" = 0 ]
}

# A copy of the project in $scratch/project that shares the programs already built: runs there
# leave the checkout alone.
copy_project() {
    mkdir -p "$scratch/project"
    for part in Makefile pipeline topics questionnaires; do
        cp -a "$root/$part" "$scratch/project/"
    done
    mkdir -p "$scratch/project/data" "$scratch/project/reports"
    mkdir -p "$scratch/project/build"
}
# make in such a copy, with the arguments that the script put in $with before and those given.
with=
run() { # shellcheck disable=SC2086
    make -s BUILD="${bin%/bin}" ${SURVEY_BIN:+SANITIZE=address,undefined} ${SURVEY_BIN:+"CFLAGS=-O1 -g"} $with "$@"
}
