# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reference values for tests/unit/test_inequality.c on R's api samples: poverty (FGT), Theil, Gini,
# Lorenz and score intervals of quantiles.
#
#     Rscript tests/reference/inequality.R tests/reference CONVEY
#
# CONVEY is a folder with the R files of convey 1.0.1 (github.com/ajdamico/convey, GPL-3), which is
# not in Debian.  FGT and Theil are convey's svyfgt and svygei.  Its svygini counts weights as
# persons; ours are here from the definition, half the relative mean difference, and its
# derivative by the weights; Lorenz estimates are convey's, with the polygon's derivative.
suppressMessages(library(survey))
args <- commandArgs(trailingOnly = TRUE)
for (f in list.files(args[2], full.names = TRUE)) source(f)
options(digits = 15, survey.lonely.psu = "adjust")
values <- NULL
put <- function(...) values <<- rbind(values, data.frame(...))

linear <- function(s, full, d) { # sqrt of the variance of the total of w d over a domain
    z <- rep(0, nrow(full$variables))
    z[match(s$variables$row, full$variables$row)] <- d
    sqrt(svyrecvar(z / full$prob, full$cluster, full$strata, full$fpc)[1, 1])
}
gini <- function(s, full, y) {
    x <- s$variables[[y]]; w <- weights(s); W <- sum(w); Y <- sum(w * x)
    g <- sum(outer(w, w) * abs(outer(x, x, "-"))) / (2 * W * Y)
    d <- sapply(x, function(v) sum(w * abs(v - x))) / (W * Y) - g / W - g * x / Y
    c(g, linear(s, full, d))
}
lorenz <- function(s, full, y, p) {
    x <- s$variables[[y]]; w <- weights(s); Y <- sum(w * x)
    l <- coef(svylorenz(as.formula(paste0("~", y)), s, quantiles = p, plot = FALSE))[[1]]
    o <- order(x); q <- x[o][which(cumsum(w[o]) >= p * sum(w) - 1e-9)[1]]
    c(l, linear(s, full, (ifelse(x < q, x - q, 0) + p * q - l * x) / Y))
}
# Every value at which the score test of "a share p lies up to it" does not reject.
score <- function(s, y, p) {
    x <- s$variables[[y]]; t <- qt(0.975, degf(s)); v <- sort(unique(x))
    u <- sapply(v, function(q) {
        s <- update(s, below = as.numeric(x <= q))
        m <- svymean(~below, s)
        if (SE(m) > 0) (p - coef(m)) / SE(m) else sign(p - coef(m)) * Inf
    })
    low <- which(u <= t)[1]; high <- which(u < -t)[1]
    c(if (low > 1) v[low] else NA, if (!is.na(high) && high < length(v)) v[high] else NA)
}

for (name in c("apistrat", "apiclus1", "apiclus2")) for (fpc in 0:1) {
    d <- read.csv(file.path(args[1], paste0(name, ".csv")))
    d$row <- seq_len(nrow(d))
    known <- !is.na(d$enroll)
    d$enroll[!known] <- 1 # outside every domain below; convey stumbles over NA outside them
    full <- if (fpc) svydesign(ids = ~psu, strata = ~stratum, weights = ~pw, fpc = ~fpc, data = d)
            else svydesign(ids = ~psu, strata = ~stratum, weights = ~pw, data = d)
    for (domain in c("all", "E", "H")) for (y in c("api00", "enroll")) {
        cases <- (y == "api00" | known) & (domain == "all" | d$stype == domain)
        s <- convey_prep(full)
        s <- s[cases, ]
        f <- as.formula(paste0("~", y))
        one <- function(stat, m, low = NA, high = NA)
            put(sample = name, fpc = fpc, domain = domain, y = y, stat = stat, estimate = m[1],
                se = m[2], low = low, high = high, df = degf(s), n = sum(cases))
        if (degf(s) < 1) next
        line <- if (y == "api00") 650 else 500
        for (g in 0:2) {
            m <- svyfgt(f, s, g = g, abs_thresh = line)
            one(paste0("fgt", g), c(coef(m)[[1]], SE(m)[[1]]))
        }
        m <- svygei(f, s, epsilon = 1); one("theil_t", c(coef(m)[[1]], SE(m)[[1]]))
        m <- svygei(f, s, epsilon = 0); one("theil_l", c(coef(m)[[1]], SE(m)[[1]]))
        one("gini", gini(s, full, y))
        for (p in c(10, 20, 50, 80)) one(paste0("lorenz", p), lorenz(s, full, y, p / 100))
        for (p in c(25, 50, 90)) {
            ci <- score(s, y, p / 100)
            one(paste0("p", p), c(NA, NA), ci[1], ci[2])
        }
    }
}
exact <- function(v) if (is.numeric(v)) ifelse(is.na(v), "", sprintf("%.15g", v)) else v
write.csv(lapply(values, exact), file.path(args[1], "inequality-values.csv"), row.names = FALSE,
          quote = FALSE)
