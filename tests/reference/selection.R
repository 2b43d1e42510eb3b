# SPDX-License-Identifier: GPL-3.0-or-later
# Inclusion probabilities proportional to size and systematic selection with given starts, by R's
# sampling package (Tillé and Matei).   Rscript selection.R > selection-values.csv
suppressMessages(library(sampling))
cat("case,n,random,sizes,p,drawn\n")
join <- function(x) paste(format(x, digits = 17, trim = TRUE, scientific = FALSE), collapse = " ")
one <- function(case, sizes, n, seed) {
  p <- inclusionprobabilities(sizes, n)
  set.seed(seed)
  u <- runif(1, 0, 1)      # the number that UPsystematic is going to take
  set.seed(seed)
  s <- UPsystematic(p)
  cat(case, n, format(u, digits = 17), join(sizes), join(p), paste(s, collapse = " "), sep = ",")
  cat("\n")
}
set.seed(7)
even <- rep(100, 12)
villages <- round(runif(40, 60, 900))
towns <- c(5000, 40, 60, 55, 70, 3000, 45, 90, 30, 65)
steep <- round(exp(rnorm(25, 5, 1.5)))
for (seed in 1:6) {
  one("even", even, 5, seed)
  one("villages", villages, 6, seed)
  one("towns", towns, 4, seed)      # two certain units
  one("steep", steep, 9, seed)      # certain units appear in several rounds
}
