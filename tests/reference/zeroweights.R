# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reference values for tests/unit/test_zeroweights.c: apistrat with weight 0 for ten high schools
# and for all middle schools, which then are a stratum without weight.
#
#     Rscript tests/reference/zeroweights.R tests/reference
suppressMessages(library(survey))
out <- commandArgs(trailingOnly = TRUE)[1]
options(digits = 15, survey.lonely.psu = "fail")
d <- read.csv(file.path(out, "apistrat.csv"))
d$pw[which(d$stratum == "sH")[1:10]] <- 0
d$pw[d$stratum == "sM"] <- 0
s <- svydesign(ids = ~psu, strata = ~stratum, weights = ~pw, data = d)
row <- function(stat, m) data.frame(stat, df = degf(s), estimate = sprintf("%.15g", coef(m)[[1]]),
                                    se = sprintf("%.15g", sqrt(diag(as.matrix(vcov(m))))[[1]]))
high <- subset(s, stype == "H")
values <- rbind(row("mean", svymean(~api00, s)), row("total", svytotal(~api00, s)),
                row("ratio", svyratio(~api00, ~enroll, s)))
h <- svymean(~api00, high)
values <- rbind(values, data.frame(stat = "high", df = degf(high),
                                   estimate = sprintf("%.15g", coef(h)[[1]]),
                                   se = sprintf("%.15g", SE(h)[[1]])))
write.csv(values, file.path(out, "zeroweights-values.csv"), row.names = FALSE, quote = FALSE)
