# SPDX-License-Identifier: GPL-3.0-or-later
#
# The matrices of hadamard(n) in R's survey package: order, and the sum of their ones, each times
# (31 row + 17 column) modulo 1009, rows and columns counted from 0.
#
#     Rscript tests/reference/hadamard.R > tests/reference/hadamard.csv
suppressMessages(library(survey))
cat("n,size,check\n")
for (n in c(1:300, 500, 1000, 2000)) {
    H <- hadamard(n)
    cat(n, ",", ncol(H), ",", sum(H * ((31 * (row(H) - 1) + 17 * (col(H) - 1)) %% 1009)), "\n", sep = "")
}
