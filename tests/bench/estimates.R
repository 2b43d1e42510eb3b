# SPDX-License-Identifier: GPL-3.0-or-later
# The estimates of tests/bench/estimates by svymean and svyby, in their quickest form: a call a
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
read <- timed(d <- as.data.frame(data.table::rbindlist(lapply(1:2, function(h)
    data.table::fread(sprintf("%s/%d/records.csv", work, h))))))

long <- function(level, domain, est, error)
    data.frame(indicator = rep(names, each = length(domain)), level = level, domain = rep(domain, length(names)),
               est = unlist(est, use.names = FALSE), error = unlist(error, use.names = FALSE))
estimated <- timed({
    design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = d, nest = TRUE)
    m <- svymean(all, design)
    found <- list(long("all", "all", coef(m), SE(m)))
    for (by in paste0("d", 1:4)) {
        b <- svyby(all, reformulate(by), design, svymean)
        found[[by]] <- long(by, b[[by]], b[names], b[paste0("se.", names)])
    }
})
found <- do.call(rbind, found)
saveRDS(list(found,read,estimated), "/tmp/speed-r/found.rds")
print(read); print(estimated); print(dim(found)); print(gc())
