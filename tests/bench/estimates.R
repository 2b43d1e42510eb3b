# SPDX-License-Identifier: GPL-3.0-or-later
# The estimates of tests/bench/estimates by svymean and svyby, in two forms: a call for each domain
# variable with all variables in its formula, which is R's quickest (5 calls), and a call for each
# variable and domain variable, as most people write them (125).  The second takes R above half an
# hour and is run for two of the variables, an amount and a share.  Compared, and the ratios of the
# times.
suppressPackageStartupMessages(library(survey))
work <- commandArgs(TRUE)[1]
names <- c(paste0("x", 1:15), paste0("y", 1:10))

# Wall and processor seconds of an expression.
timed <- function(what) {
    t <- system.time(what)
    c(t[["elapsed"]], t[["user.self"]] + t[["sys.self"]])
}
long <- function(variables, level, domain, est, error)
    data.frame(indicator = rep(variables, each = length(domain)), level = level,
               domain = rep(domain, length(variables)), est = as.numeric(unlist(est)),
               error = as.numeric(unlist(error)))
# `together`: the variables of each formula.
estimates <- function(d, together) {
    design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = d, nest = TRUE)
    found <- lapply(together, function(variables) {
        m <- svymean(reformulate(variables), design)
        by <- lapply(paste0("d", 1:4), function(level) {
            b <- svyby(reformulate(variables), reformulate(level), design, svymean)
            se <- if (length(variables) > 1) paste0("se.", variables) else "se"
            long(variables, level, b[[level]], b[variables], b[se])
        })
        rbind(long(variables, "all", "all", coef(m), SE(m)), do.call(rbind, by))
    })
    do.call(rbind, found)
}

read <- timed(d <- as.data.frame(data.table::rbindlist(lapply(1:2, function(h)
    data.table::fread(sprintf("%s/%d/records.csv", work, h))))))
cat(sprintf("R: fread %.1f s wall, %.1f s cpu\n", read[1], read[2]))
ours <- read.csv(sprintf("%s/results.csv", work), fileEncoding = "UTF-8-BOM")
took <- sapply(strsplit(readLines(sprintf("%s/ours", work)), "[: ]+"), function(w)
    as.numeric(w[c(which(w == "wall,") - 2, which(w == "cpu") - 2)]))

# `share`: of all estimates, those computed.
compare <- function(label, together, share = 1) {
    theirs <- timed(found <- estimates(d, together)) / share
    both <- merge(found, ours, by = c("indicator", "level", "domain"))
    stopifnot(nrow(both) == nrow(found), nrow(found) == nrow(ours) * share)
    worst <- max(abs(both$est / both$estimate - 1), abs(both$error / both$se - 1))
    stopifnot(worst < 1e-9)
    cat(sprintf("R survey, the same %d estimates, %s: %.1f s wall, %.1f s cpu%s\n", nrow(ours), label,
                theirs[1], theirs[2],
                if (share < 1) sprintf(" (at the pace of %d of them)", nrow(found)) else ""))
    cat(sprintf("  %.1f times as long by the clock, %.1f times the processor time; worst relative difference %.1e\n",
                theirs[1] / took[1, 1], theirs[2] / took[2, 1], worst))
}
compare("quickest form, one call a domain variable", list(names))
compare("one call a variable and domain variable", list("x1", "y5"), 2 / length(names))
