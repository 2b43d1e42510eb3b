/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * enroll: an account for the upload page, or a new passphrase for it, which is printed once.
 */
#include "base/message.h"
#include "base/options.h"
#include "web/accounts.h"

#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>

static const char *accounts_path = "data/.receive/accounts";

static const struct option_row OPTIONS[] = {
    {'f', "文件", &accounts_path, NULL, "账号文件，默认 data/.receive/accounts", false},
    {0},
};
static const struct program ME = {"enroll", "给一个县（或办公室）开报送网页的账号，或重发口令",
                                  "[-f 账号文件] 县代码|" STAFF_ACCOUNT, OPTIONS};

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, 1);
    const char *name = argv[first];
    char passphrase[PASSPHRASE_TEXT];
    if (!account_name_valid(name))
        die(MISUSE, "“%s”不是县代码。县写6位代码，如 411525；办公室写 " STAFF_ACCOUNT, name);
    if (sodium_init() < 0)
        die(CANNOT, "密码库 libsodium 不能用");
    umask(077);
    if (accounts_reset(accounts_path, name, passphrase) < 0)
        return CANNOT;
    printf("账号：%s\n口令：%s\n请记下并告诉本人。口令只显示这一次；忘了就再运行一次，重发新的，"
           "旧的随即作废。\n",
           name, passphrase);
    sodium_memzero(passphrase, sizeof passphrase);
    return fflush(stdout) ? CANNOT : DONE;
}
