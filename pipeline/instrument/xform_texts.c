/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Texts in several languages and media stand in the itext block of the model; a plain text stands
 * where it is shown.  Every entry has a value in every language: "-" where a translation is
 * missing, as pyxform does.
 */
#include "instrument/xform_private.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

static const char *const media_types[] = {"image", "big-image", "audio", "video"};
enum { MEDIA_TYPES = 4 };

/* ---- cells in languages -----------------------------------------------------------------------
 */

/* What follows `name` in a head: "" for the plain column, the language for "name::language",
 * NULL when the head is another. */
static const char *head_language(const char *head, const char *name)
{
    size_t n = strlen(name);
    if (strncmp(head, name, n) != 0 || (head[n] && head[n] != ':'))
        return NULL;
    const char *p = head + n;
    p += strspn(p, ":");
    return p + strspn(p, " ");
}

/* The same for media: "image::zh", "media::image::zh", "media::image". */
static const char *media_language(const char *head, const char *type)
{
    if (strncmp(head, "media::", 7) == 0)
        head += 7;
    else if (strncmp(head, "media:", 6) == 0)
        head += 6;
    return head_language(head, type);
}

static int language_index(struct xform *x, const char *language)
{
    for (int i = 0; i < x->language_count; i++)
        if (strcmp(x->languages[i], language) == 0)
            return i;
    return -1;
}

/* The cells of a row under `name` in all languages, into `texts`; true when a translated column
 * has one.  A plain column is in the default language unless that has a column itself. */
static bool read_cells(struct xform *x, const struct wsheet *s, int row, const char *name,
                       bool media, const char **texts)
{
    bool translated = false;
    const char *plain = NULL;
    for (int i = 0; row >= 0 && i < s->head_count; i++) {
        const char *language =
            media ? media_language(s->heads[i], name) : head_language(s->heads[i], name);
        const char *text = language ? s->rows[row].cells[i] : "";
        if (!*text)
            continue;
        if (*language) {
            texts[language_index(x, language)] = text;
            translated = true;
        } else {
            plain = text;
        }
    }
    int own = language_index(x, x->default_language);
    if (plain && !texts[own])
        texts[own] = plain;
    return translated;
}

static const char **new_texts(struct xform *x)
{
    return arena_alloc(&x->arena, (size_t)x->language_count * sizeof(const char *));
}

static bool any_text(const struct xform *x, const char **texts)
{
    for (int i = 0; i < x->language_count; i++)
        if (texts[i])
            return true;
    return false;
}

static void add_itext(struct xform *x, const char *id, const char *form, const char **texts,
                      const struct node *context)
{
    if (!any_text(x, texts))
        return;
    GROW(x->itexts, x->itext_count, x->itext_room);
    x->itexts[x->itext_count++] = (struct itext){id, form, texts, context};
    map_add(&x->itext_ids, id, 1);
}

/* ---- languages --------------------------------------------------------------------------------
 */

static const char *translated_head(const char *head)
{
    static const char *const names[] = {"label", "hint", "guidance_hint", "constraint_message",
                                        "required_message"};
    const char *language = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !language; i++)
        language = head_language(head, names[i]);
    for (int i = 0; i < MEDIA_TYPES && !language; i++)
        language = media_language(head, media_types[i]);
    return language && *language ? language : NULL;
}

/* The default language first, then the others as they occur. */
static void collect_languages(struct xform *x)
{
    const struct wsheet *sheets[] = {x->o->survey, workbook_sheet(x->form->book, "choices")};
    const struct wsheet *settings = workbook_sheet(x->form->book, "settings");
    const char *set = settings ? wsheet_get(settings, 0, "default_language") : "";
    size_t most = 1;
    for (int i = 0; i < 2; i++)
        most += sheets[i] ? (size_t)sheets[i]->head_count : 0;
    x->languages = arena_alloc(&x->arena, most * sizeof *x->languages);
    x->default_language = *set ? set : "default";
    x->languages[x->language_count++] = x->default_language;
    for (int i = 0; i < 2; i++)
        for (int h = 0; sheets[i] && h < sheets[i]->head_count; h++) {
            const char *language = translated_head(sheets[i]->heads[h]);
            if (language && language_index(x, language) < 0)
                x->languages[x->language_count++] = language;
        }
}

/* ---- choices ----------------------------------------------------------------------------------
 */

/* The rows of a list are its choices in order; the `other` of or_other has none. */
static int next_choice_row(const struct wsheet *s, const struct choice_list *l, int row)
{
    const char *head = wsheet_column(s, "list_name") >= 0 ? "list_name" : "list name";
    do
        row++;
    while (row < s->row_count && strcmp(wsheet_get(s, row, head), l->name) != 0);
    return row < s->row_count ? row : -1;
}

bool list_needs_itext(struct xform *x, const struct choice_list *l)
{
    const struct wsheet *s = workbook_sheet(x->form->book, "choices");
    for (int row = next_choice_row(s, l, -1); row >= 0; row = next_choice_row(s, l, row)) {
        const char **texts = new_texts(x);
        bool needed = read_cells(x, s, row, "label", false, texts);
        for (int m = 0; m < MEDIA_TYPES && !needed; m++) {
            read_cells(x, s, row, media_types[m], true, texts = new_texts(x));
            needed = any_text(x, texts);
        }
        if (needed || has_reference(form_text(x->form, s, row, "label")))
            return true;
    }
    return false;
}

/* One text in all languages: of the choice that or_other added, or a code without a label. */
static void collect_untranslated(struct xform *x, const char *id, const char *label)
{
    const char **texts = new_texts(x);
    for (int i = 0; i < x->language_count; i++)
        texts[i] = label;
    add_itext(x, id, NULL, texts, NULL);
}

static void collect_choice(struct xform *x, const struct wsheet *s, int row, const char *id,
                           const char *label)
{
    const char **texts = new_texts(x);
    read_cells(x, s, row, "label", false, texts);
    if (any_text(x, texts))
        add_itext(x, id, NULL, texts, NULL);
    else
        collect_untranslated(x, id, label);
    for (int m = 0; m < MEDIA_TYPES; m++) {
        texts = new_texts(x);
        read_cells(x, s, row, media_types[m], true, texts);
        add_itext(x, id, media_types[m], texts, NULL);
    }
}

static void collect_list(struct xform *x, const struct choice_list *l)
{
    const struct wsheet *s = workbook_sheet(x->form->book, "choices");
    if (!list_needs_itext(x, l))
        return;
    int row = -1;
    for (int i = 0; i < l->count; i++) {
        const char *id = arena_printf(&x->arena, "%s-%d", l->name, i);
        row = next_choice_row(s, l, row);
        if (row >= 0)
            collect_choice(x, s, row, id, l->choices[i].label);
        else
            collect_untranslated(x, id, l->choices[i].label);
    }
}

/* ---- rows of the survey -----------------------------------------------------------------------
 */

bool node_has_media(const struct xform *x, const struct node *n)
{
    for (int m = 0; n->row >= 0 && m < MEDIA_TYPES; m++)
        for (int i = 0; i < x->o->survey->head_count; i++)
            if (media_language(x->o->survey->heads[i], media_types[m]) &&
                *x->o->survey->rows[n->row].cells[i])
                return true;
    return false;
}

/* A message is in itext when it is translated or names a question: attributes cannot. */
static void collect_message(struct xform *x, const struct node *n, const char *head,
                            const char *what)
{
    const char **texts = new_texts(x);
    if (read_cells(x, x->o->survey, n->row, head, false, texts) ||
        has_reference(node_text(x->o, n, head)))
        add_itext(x, itext_id(x, n, what), NULL, texts, n);
}

static void collect_label(struct xform *x, const struct node *n)
{
    const char *id = itext_id(x, n, "label");
    const char **texts = new_texts(x);
    if (read_cells(x, x->o->survey, n->row, "label", false, texts) || node_has_media(x, n))
        add_itext(x, id, NULL, texts, n);
    for (int m = 0; m < MEDIA_TYPES; m++) {
        texts = new_texts(x);
        read_cells(x, x->o->survey, n->row, media_types[m], true, texts);
        add_itext(x, id, media_types[m], texts, n);
    }
}

/* A guidance hint can stand in itext only, and takes the hint with it. */
static void collect_hints(struct xform *x, const struct node *n)
{
    const char *id = itext_id(x, n, "hint");
    const char **hint = new_texts(x), **guidance = new_texts(x);
    read_cells(x, x->o->survey, n->row, "guidance_hint", false, guidance);
    if (read_cells(x, x->o->survey, n->row, "hint", false, hint) || any_text(x, guidance))
        add_itext(x, id, NULL, hint, n);
    add_itext(x, id, "guidance", guidance, n);
}

void collect_texts(struct xform *x)
{
    collect_languages(x);
    for (int i = 0; i < x->form->sheet_list_count; i++)
        collect_list(x, &x->form->lists[i]);
    for (int i = 0; i < x->o->count; i++) {
        const struct node *n = x->o->nodes[i];
        collect_message(x, n, "constraint_message", "jr:constraintMsg");
        collect_message(x, n, "required_message", "jr:requiredMsg");
        collect_label(x, n);
        collect_hints(x, n);
    }
}

/* ---- writing ----------------------------------------------------------------------------------
 */

const char *itext_id(struct xform *x, const struct node *n, const char *what)
{
    return arena_printf(&x->arena, "%s:%s", node_path(x, n), what);
}

bool has_itext(const struct xform *x, const char *id)
{
    return map_has(&x->itext_ids, id);
}

const char *itext_reference(struct xform *x, const char *id)
{
    return arena_printf(&x->arena, "jr:itext('%s')", id);
}

/* Behind the path into a list that begins with instance( at p; p when it is none. */
static const char *skip_list_path(const char *p)
{
    const char *q = strchr(p, ')');
    int depth = 0;
    if (!q || q[1] != '/')
        return p;
    for (q++; *q; q++) {
        depth += (*q == '[') - (*q == ']');
        bool name = isalnum((unsigned char)*q) || (unsigned char)*q >= 0x80 || strchr("/_-.]", *q);
        if (depth <= 0 && !name)
            break;
    }
    while (q[-1] == '.' || (unsigned char)q[-1] >= 0x80) /* of the sentence, not of the path */
        q--;
    return q;
}

/* The next part of a text that is computed: ${name} or a path into a list; its end in *end.  NULL
 * when there is none. */
static const char *next_computed(const char *text, const char **end)
{
    for (const char *p = text; *p; p++) {
        if (starts_with(p, "${") && strchr(p, '}'))
            return *end = strchr(p, '}') + 1, p;
        if (starts_with(p, "instance(") && (*end = skip_list_path(p)) > p)
            return p;
    }
    return NULL;
}

void put_text(struct xform *x, const char *text, const struct node *context)
{
    const char *end, *start;
    while ((start = next_computed(text, &end))) {
        xmlout_text(&x->xml, arena_strndup(&x->arena, text, (size_t)(start - text)));
        const char *computed = arena_strndup(&x->arena, start, (size_t)(end - start));
        xmlout_begin(&x->xml, "output");
        xmlout_attribute(&x->xml, "value", expand(x, computed, context, false));
        xmlout_end(&x->xml);
        text = end;
    }
    if (*text)
        xmlout_text(&x->xml, text);
}

static void write_value(struct xform *x, const struct itext *t, int language)
{
    const char *text = t->texts[language];
    bool media = false;
    for (int m = 0; m < MEDIA_TYPES && t->form; m++)
        media = media || t->form == media_types[m];
    if (media && (!text || strcmp(text, "-") == 0))
        return;
    xmlout_begin(&x->xml, "value");
    if (t->form)
        xmlout_attribute(&x->xml, "form", t->form);
    if (media) {
        const char *folder = strstr(t->form, "image") ? "images" : t->form;
        text = arena_printf(&x->arena, "jr://%s/%s", folder, text);
    }
    put_text(x, text ? text : "-", t->context);
    xmlout_end(&x->xml);
}

/* Entries of one id stand together. */
static void write_translation(struct xform *x, int language)
{
    xmlout_begin(&x->xml, "translation");
    xmlout_attribute(&x->xml, "lang", x->languages[language]);
    if (language == 0)
        xmlout_attribute(&x->xml, "default", "true()");
    for (int i = 0; i < x->itext_count;) {
        const char *id = x->itexts[i].id;
        xmlout_begin(&x->xml, "text");
        xmlout_attribute(&x->xml, "id", id);
        for (; i < x->itext_count && strcmp(x->itexts[i].id, id) == 0; i++)
            write_value(x, &x->itexts[i], language);
        xmlout_end(&x->xml);
    }
    xmlout_end(&x->xml);
}

static bool language_is_used(const struct xform *x, int language)
{
    for (int i = 0; i < x->itext_count; i++)
        if (x->itexts[i].texts[language])
            return true;
    return false;
}

void write_itext(struct xform *x)
{
    if (!x->itext_count)
        return;
    xmlout_begin(&x->xml, "itext");
    for (int i = 0; i < x->language_count; i++)
        if (language_is_used(x, i))
            write_translation(x, i);
    xmlout_end(&x->xml);
}
