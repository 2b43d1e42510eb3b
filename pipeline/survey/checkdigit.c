/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/checkdigit.h"

#include "survey/days.h"

#include <stdio.h>
#include <string.h>

bool resident_id_valid(const char *text)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    if (strlen(text) != 18 || strspn(text, "0123456789") < 17 || text[0] == '0')
        return false;
    struct civil born;
    if (sscanf(text + 6, "%4d%2d%2d", &born.year, &born.month, &born.day) != 3 ||
        !civil_valid(born))
        return false;
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (text[i] - '0') * weights[i];
    return text[17] == "10X98765432"[sum % 11];
}

bool credit_code_valid(const char *text)
{
    static const char row[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    int sum = 0, weight = 1, value = 0;
    if (strlen(text) != 18)
        return false;
    for (int i = 0; i < 18; i++) {
        const char *at = strchr(row, text[i]);
        if (!at)
            return false;
        value = (int)(at - row);
        if (i < 17)
            sum += value * weight;
        weight = weight * 3 % 31;
    }
    return value == (31 - sum % 31) % 31;
}
