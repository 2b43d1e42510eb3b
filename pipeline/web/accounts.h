/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who may sign in: counties by their code, staff by the name "office".  One file, readable by its
 * owner only, a line an account: name, tab, argon2id hash of the passphrase (libsodium's
 * crypto_pwhash_str).  Passphrases are made here: 12 random digits, 1234-5678-9012, which can be
 * read out on the telephone and typed on any keyboard; they are kept nowhere.
 *
 *     char passphrase[PASSPHRASE_TEXT];
 *     accounts_reset("data/.receive/accounts", "411525", passphrase);      // print it once
 *
 *     struct accounts a = {.path = "data/.receive/accounts"};
 *     if (accounts_verify(&a, "411525", typed)) …
 *     accounts_free(&a);
 */
#ifndef WEB_ACCOUNTS_H
#define WEB_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum { PASSPHRASE_TEXT = 15, ACCOUNT_NAME_MAX = 16, ACCOUNT_HASH_TEXT = 128 };
#define STAFF_ACCOUNT "office"

struct account {
    char name[ACCOUNT_NAME_MAX + 1];
    char hash[ACCOUNT_HASH_TEXT];
};
struct accounts {
    const char *path;
    struct account *items;
    int count, room;
    struct timespec changed; /* of the file when it was read */
    size_t bytes;
};

/* Whether a name can be an account's: 4 to 12 digits, or STAFF_ACCOUNT. */
bool account_name_valid(const char *name);

/* Makes an account or gives it a new passphrase, which is put in `passphrase`.  Several programs
 * may do so at once.  Returns 0, or -1 after a message. */
int accounts_reset(const char *path, const char *name, char passphrase[PASSPHRASE_TEXT]);

/* Reads the file if it changed.  No file: no accounts.  Returns 0, or -1 after a message; of a
 * damaged file the accounts above the damage hold. */
int accounts_refresh(struct accounts *a);

/* The account of that name, or NULL; valid until the next refresh. */
const struct account *accounts_find(const struct accounts *a, const char *name);

/* Whether the passphrase, typed with blanks, hyphens or full-width digits, is that account's.
 * Takes as long for a name that is none.  Costs 64 MiB and about a tenth of a second. */
bool accounts_verify(const struct accounts *a, const char *name, const char *typed);

void accounts_free(struct accounts *a);

#endif
