/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/hadamard.h"

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

enum { N_MOST = 8000, SLOANE = 28, PLACKETT_BURMAN = 36 };

/* A matrix is made by doubling one of order `base` until its order is `size`: base 1, Sloane's 28,
 * Plackett and Burman's 36, or a prime + 1. */
struct order {
    int base, size;
};

static bool is_prime(int n)
{
    for (int d = 2; d * d <= n; d++)
        if (n % d == 0)
            return false;
    return n > 1;
}

static int multiple_of_4_above(int n)
{
    return n - n % 4 + 4;
}

/* The least doubling above n of the matrices that are not Paley's. */
static struct order least_doubling(int n)
{
    static const int bases[] = {1, SLOANE, PLACKETT_BURMAN};
    struct order best = {0, 0};
    for (int i = 0; i < 3; i++) {
        int size = bases[i];
        while (size <= n || size < 4)
            size *= 2;
        if (best.size == 0 || size < best.size)
            best = (struct order){bases[i], size};
    }
    return best;
}

/* Paley's matrix above n: of the least order when that is a doubling of one, else of the next
 * prime of the form 4k + 3, unless a doubling 4 rows larger than the least lies before it. */
static struct order paley_order(int n, int most)
{
    int size = multiple_of_4_above(n), base = size, prime = n;
    while (base % 8 == 0)
        base /= 2;
    if (size % 8 == 0 && is_prime(base - 1))
        return (struct order){base, size};
    while (prime % 4 != 3 || !is_prime(prime))
        prime++;
    if (prime + 1 > size + 4 && size + 4 < most)
        return paley_order(size + 3, 2 * (size + 3));
    return (struct order){prime + 1, prime + 1};
}

/* Paley's unless doubling has one at most 4 above n or as small. */
static struct order choose_order(int n)
{
    struct order doubled = least_doubling(n);
    if (doubled.size == multiple_of_4_above(n))
        return doubled;
    struct order paley = paley_order(n, doubled.size);
    return paley.size <= doubled.size + 1 ? paley : doubled;
}

static void paley(unsigned char *h, int size, int p)
{
    bool *square = must_alloc((size_t)p);
    for (long i = 0; i < p; i++)
        square[i * i % p] = true;
    for (int i = 0; i <= p; i++)
        for (int j = 0; j <= p; j++)
            h[i * size + j] = i == 0 || j == 0 || !square[(i + j - 2) % p];
    free(square);
}

/* Row by row, the first column in the highest bit. */
static void sloane(unsigned char *h, int size)
{
    static const unsigned rows[SLOANE] = {
        0xfffffff, 0x9c71c78, 0x83cd378, 0x83b2e66, 0x9a0f8d6, 0x952c5ae, 0x8cd239e,
        0x58aa7f0, 0x45b59d4, 0x46cbcac, 0x561774a, 0x4b64e9a, 0x5959b26, 0x2d1eae8,
        0x3666b34, 0x2b3b51c, 0x31d74b2, 0x32f89ca, 0x2ced646, 0xea545e4, 0xf1632cc,
        0xf09ce1c, 0xe54ad52, 0xe6392b2, 0xe8a792a, 0xdffe000, 0xbf81f80, 0x7f8007e};
    for (int i = 0; i < SLOANE; i++)
        for (int j = 0; j < SLOANE; j++)
            h[i * size + j] = rows[i] >> (SLOANE - 1 - j) & 1;
}

/* The difference set of the twin primes 5 and 7 modulo 35, every second element; the last column
 * is 0 below the first row. */
static void plackett_burman(unsigned char *h, int size)
{
    static const signed char modulo_5[] = {0, 1, -1, -1, 1}, modulo_7[] = {0, 1, 1, -1, 1, -1, -1};
    for (int i = 0; i < PLACKETT_BURMAN; i++)
        for (int j = 0; j < PLACKETT_BURMAN; j++) {
            int x = 2 * (i + 34 + j) % 35; /* i - 1 + j */
            bool in_set = x % 7 == 0 || modulo_5[x % 5] * modulo_7[x % 7] == 1;
            h[i * size + j] = i == 0 || (j < PLACKETT_BURMAN - 1 && !in_set);
        }
}

static void double_matrix(unsigned char *h, int size, int k)
{
    for (int i = 0; i < k; i++)
        for (int j = 0; j < k; j++) {
            unsigned char one = h[i * size + j];
            h[i * size + j + k] = h[(i + k) * size + j] = one;
            h[(i + k) * size + j + k] = !one;
        }
}

unsigned char *hadamard_matrix(int n, int *size)
{
    if (n > N_MOST)
        return NULL;
    struct order order = choose_order(n);
    unsigned char *h = must_alloc((size_t)order.size * (size_t)order.size);
    *size = order.size;
    if (order.base == 1)
        h[0] = 1;
    else if (order.base == SLOANE)
        sloane(h, order.size);
    else if (order.base == PLACKETT_BURMAN)
        plackett_burman(h, order.size);
    else
        paley(h, order.size, order.base - 1);
    for (int k = order.base; k < order.size; k *= 2)
        double_matrix(h, order.size, k);
    return h;
}
