# SPDX-License-Identifier: GPL-3.0-or-later
# Reads the bench's files and counts, of every column, the values beyond the range that its first
# half has; numbers and texts that should be numbers.
library(data.table)
work <- commandArgs(TRUE)[1]
for (what in c("\u4f4f\u6237", "\u52b3\u52a8\u529b\u6210\u5458")) {
    files <- Sys.glob(sprintf("%s/4115*/*%s.csv", work, what))
    d <- rbindlist(lapply(files, fread, encoding = "UTF-8"))
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
    stopifnot(length(files) == 2, nrow(d) > 0, is.finite(beyond))
}
