# SPDX-License-Identifier: GPL-3.0-or-later
#
# Wilson intervals from R's prop.test, for tests/unit/test_estimate.c.
#     Rscript tests/reference/wilson.R tests/reference/wilson.csv
cases <- expand.grid(yes = c(1, 8, 19, 450), n = c(20, 500), level = c(0.9, 0.95))
cases <- cases[cases$yes < cases$n, ]
ends <- t(mapply(function(x, n, l) prop.test(x, n, conf.level = l, correct = FALSE)$conf.int,
                 cases$yes, cases$n, cases$level))
cases$low <- sprintf("%.17g", ends[, 1])
cases$high <- sprintf("%.17g", ends[, 2])
write.csv(cases, commandArgs(trailingOnly = TRUE)[1], row.names = FALSE, quote = FALSE)
