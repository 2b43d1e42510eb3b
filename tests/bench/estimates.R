# SPDX-License-Identifier: GPL-3.0-or-later
# The estimates of tests/bench/estimates by svymean and svyby in their quickest form, one call a
# domain variable with all variables in its formula.  Compared, and the ratios of the times.
suppressPackageStartupMessages(library(survey))
work <- commandArgs(TRUE)[1]
names <- c(paste0("x", 1:15), paste0("y", 1:10))
all <- reformulate(names)

# Wall and processor seconds of an expression.
timed <- function(what) {
    t <- system.time(what)
    c(t[["elapsed"]], t[["user.self"]] + t[["sys.self"]])
}
long <- function(level, domain, est, error)
    data.frame(indicator = rep(names, each = length(domain)), level = level,
               domain = rep(domain, length(names)), est = unlist(est, use.names = FALSE),
               error = unlist(error, use.names = FALSE))

read <- timed(d <- as.data.frame(data.table::rbindlist(lapply(1:2, function(h)
    data.table::fread(sprintf("%s/%d/records.csv", work, h))))))
theirs <- timed({
    design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = d, nest = TRUE)
    m <- svymean(all, design)
    found <- list(long("all", "all", coef(m), SE(m)))
    for (by in paste0("d", 1:4)) {
        b <- svyby(all, reformulate(by), design, svymean)
        found[[by]] <- long(by, b[[by]], b[names], b[paste0("se.", names)])
    }
})
found <- do.call(rbind, found)

ours <- read.csv(sprintf("%s/results.csv", work), fileEncoding = "UTF-8-BOM")
both <- merge(found, ours, by = c("indicator", "level", "domain"))
stopifnot(nrow(both) == nrow(found), nrow(found) == nrow(ours))
worst <- max(abs(both$est / both$estimate - 1), abs(both$error / both$se - 1))
stopifnot(worst < 1e-9)
took <- sapply(strsplit(readLines(sprintf("%s/ours", work)), "[: ]+"), function(w)
    as.numeric(w[c(which(w == "wall,") - 2, which(w == "cpu") - 2)]))
cat(sprintf("R survey, the same %d estimates: %.1f s wall, %.1f s cpu; fread before that %.1f s, %.1f s\n",
            nrow(found), theirs[1], theirs[2], read[1], read[2]))
cat(sprintf("worst relative difference %.1e\n", worst))
cat(sprintf("R takes %.1f times as long by the clock, %.1f times the processor time\n",
            theirs[1] / took[1, 1], theirs[2] / took[2, 1]))
