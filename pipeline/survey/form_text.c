/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Translated columns: label::中文 (zh), hint::English (en), label:French.
 */
#include "survey/form_private.h"

#include "base/text.h"

#include <string.h>

/* The language of a head "label::中文 (zh)" when the head begins with `head`, else NULL. */
static const char *head_language(const char *text, const char *head)
{
    size_t n = strlen(head);
    if (strncmp(text, head, n) != 0 || text[n] != ':')
        return NULL;
    text += n + 1 + (text[n + 1] == ':');
    return text + strspn(text, " ");
}

static bool is_chinese(const char *language)
{
    return strstr(language, "中文") || strstr(language, "汉语") || strstr(language, "(zh") ||
           strcasecmp(language, "zh") == 0 || strcasecmp(language, "chinese") == 0;
}

/* The first language of the sheet's labels that is `wanted`, or Chinese, or any. */
static const char *sheet_language(const struct wsheet *s, bool any)
{
    for (int i = 0; s && i < s->head_count; i++) {
        const char *language = head_language(s->heads[i], "label");
        if (language && *language && (any || is_chinese(language)))
            return language;
    }
    return NULL;
}

void choose_language(struct form *f)
{
    const struct wsheet *settings = workbook_sheet(f->book, "settings");
    const struct wsheet *survey = workbook_sheet(f->book, "survey");
    const char *set = settings ? wsheet_get(settings, 0, "default_language") : "";
    const char *chinese = sheet_language(survey, false), *first = sheet_language(survey, true);
    f->language = *set ? set : chinese ? chinese : first ? first : "";
}

const char *form_text(const struct form *f, const struct wsheet *s, int row, const char *head)
{
    const char *plain = wsheet_get(s, row, head), *other = "";
    for (int i = 0; i < s->head_count; i++) {
        const char *language = head_language(s->heads[i], head);
        const char *text = language ? wsheet_get(s, row, s->heads[i]) : "";
        if (*text && strcmp(language, f->language) == 0)
            return text;
        if (*text && !*other)
            other = text;
    }
    return *plain ? plain : other;
}
