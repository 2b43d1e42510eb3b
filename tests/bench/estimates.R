# SPDX-License-Identifier: GPL-3.0-or-later
# The estimates of tests/bench/estimates by svymean and svyby; compared, and the ratio of the times.
suppressPackageStartupMessages(library(survey))
work <- commandArgs(TRUE)[1]
d <- as.data.frame(data.table::rbindlist(lapply(1:2, function(h)
    data.table::fread(sprintf("%s/%d/records.csv", work, h)))))
started <- Sys.time()
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = d, nest = TRUE)
names <- c(paste0("x", 1:15), paste0("y", 1:10))
found <- list()
for (name in names) {
    f <- as.formula(paste0("~", name))
    m <- svymean(f, design)
    found[[length(found) + 1]] <- data.frame(indicator = name, level = "all", domain = "all",
                                             est = coef(m), error = as.numeric(SE(m)))
    for (by in paste0("d", 1:4)) {
        b <- svyby(f, as.formula(paste0("~", by)), design, svymean)
        found[[length(found) + 1]] <- data.frame(indicator = name, level = by, domain = b[[by]],
                                                 est = b[[name]], error = b$se)
    }
}
theirs <- as.numeric(difftime(Sys.time(), started, units = "secs"))
found <- do.call(rbind, found)
ours <- read.csv(sprintf("%s/results.csv", work), fileEncoding = "UTF-8-BOM")
both <- merge(found, ours, by = c("indicator", "level", "domain"))
stopifnot(nrow(both) == nrow(found))
worst <- max(abs(both$est / both$estimate - 1), abs(both$error / both$se - 1))
took <- as.numeric(sub(".*: ([0-9.]+) s.*", "\\1", readLines(sprintf("%s/ours", work))))
cat(sprintf("R survey, the same %d estimates from records in memory: %.1f s\n", nrow(found), theirs))
cat(sprintf("worst relative difference %.1e; R takes %.1f times as long\n", worst, theirs / took))
