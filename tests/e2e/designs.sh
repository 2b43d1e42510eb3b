#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Designs and weights against R's survey package: every case of tests/reference/designs.R through
# the programs, from a CSV with design columns to results.csv.
. "$(dirname "$0")/lib.sh"
python3 "$root/tests/tools/design_cases.py" "$bin" "$root/tests/reference/designs" "$scratch/cases"
