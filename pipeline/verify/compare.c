/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/check.h"
void rule_results(struct check *c, struct results *r)
{
    (void)c;
    (void)r;
}
