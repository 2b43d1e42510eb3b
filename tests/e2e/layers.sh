#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The layers are a rule: base <- store <- formats <- survey <- intake, review, estimate <- output
# <- programs; SQLite has one
# door; nothing calls a shell; no file repeats a licence or misses its SPDX line.
. "$(dirname "$0")/lib.sh"
cd "$root/pipeline" || exit 3

# Whether files of layer $1 include only from the layers listed after it.
only_includes() {
    layer=$1
    shift
    allowed=$(printf '%s|' "$layer" "$@" | sed 's/|$//')
    ! grep -hE '^#include "' "$layer"/*.[ch] | grep -vE "^#include \"($allowed)/"
}
check 'base includes only base' only_includes base
check 'store includes only base' only_includes store base
check 'formats includes nothing above it' only_includes formats base store
check 'survey includes nothing above it' only_includes survey base store formats
check 'intake includes nothing above or beside it' only_includes intake base store formats survey
check 'review includes nothing above or beside it' only_includes review base store formats survey
check 'estimate includes nothing above or beside it' only_includes estimate base store formats survey
check 'simulate includes nothing above it' only_includes simulate base store formats survey review
check 'output includes nothing above it' only_includes output base store formats survey intake review estimate
check 'instrument includes nothing above it' only_includes instrument base formats survey output
check 'web includes nothing above or beside it' only_includes web base formats survey
check 'verify includes nothing above it' only_includes verify base store formats survey review output
check 'remote includes nothing above it' only_includes remote base formats survey

one_door() { [ "$(grep -rlE 'sqlite3\.h' --include='*.[ch]' . | tr '\n' ' ')" = './store/store.c ' ]; }
check 'only store/store.c includes sqlite3.h' one_door
no_shell() { ! grep -rnE '\b(system|popen|strcpy|strcat|sprintf|gets|strtok|tmpnam|mktemp)\(' --include='*.[ch]' .; }
check 'no shell, no unbounded string functions' no_shell
no_value_in_sql() { ! grep -rnE '(store_query|store_exec)\([^"]*"[^"]*%' --include='*.[ch]' .; }
check 'SQL holds no printf conversions' no_value_in_sql
spdx() { ! find . -name '*.[ch]' -exec grep -L 'SPDX-License-Identifier: GPL-3.0-or-later' {} + | grep .; }
check 'every source names its licence once' spdx
headers_alone() {
    for h in */*.h; do
        gcc -std=c17 -D_GNU_SOURCE -I. $(pkg-config --cflags libxml-2.0 gsl) -fsyntax-only -x c "$h" || return 1
    done
}
check 'every header compiles alone' headers_alone
finish
