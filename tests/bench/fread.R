# SPDX-License-Identifier: GPL-3.0-or-later
# Reads the bench's two files and counts, of every column, the values beyond the range that its
# first half has; numbers and texts that should be numbers.
library(data.table)
work <- commandArgs(TRUE)[1]
d <- rbindlist(lapply(c("411523", "411524"), function(c)
    fread(sprintf("%s/%s/\u4f4f\u6237.csv", work, c), encoding = "UTF-8")))
beyond <- 0
for (name in names(d)) {
    x <- d[[name]]
    if (is.numeric(x)) {
        limits <- range(x[seq_len(length(x) %/% 2)], na.rm = TRUE)
        beyond <- beyond + sum(x < limits[1] | x > limits[2], na.rm = TRUE)
    } else {
        beyond <- beyond + sum(x == "", na.rm = TRUE)
    }
}
stopifnot(nrow(d) > 0, is.finite(beyond))
