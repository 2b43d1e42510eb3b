/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/secondary.h"

#include "survey/lookup.h"
#include "survey/workbook.h"

#include <libxml/xpath.h>
#include <stdlib.h>
#include <string.h>

struct instance {
    char *name;
    xmlDocPtr document;
};
struct secondary {
    struct instance *list;
    int count, room;
};

struct secondary *secondary_create(void)
{
    return must_alloc(sizeof(struct secondary));
}

void secondary_free(struct secondary *all)
{
    if (!all)
        return;
    for (int i = 0; i < all->count; i++) {
        xmlFreeDoc(all->list[i].document);
        free(all->list[i].name);
    }
    free(all->list);
    free(all);
}

static xmlNodePtr add_element(xmlNodePtr parent, const char *name, const char *content)
{
    xmlNodePtr n = xmlNewTextChild(parent, NULL, (const xmlChar *)name, (const xmlChar *)content);
    if (!n)
        die(CANNOT, "内存不足");
    return n;
}

static void add_column(xmlNodePtr item, const char *head, const char *cell)
{
    if (is_xml_name(head))
        add_element(item, head, *cell ? cell : NULL);
}

/* A phone form has no element for an empty cell of sheet choices. */
static void add_filled(xmlNodePtr item, const char *head, const char *cell)
{
    if (*cell)
        add_column(item, head, cell);
}

static void add_choices(xmlNodePtr root, const struct choice_list *l)
{
    for (int i = 0; i < l->count; i++) {
        const struct choice *c = &l->choices[i];
        xmlNodePtr item = add_element(root, "item", NULL);
        add_column(item, "name", c->name);
        add_column(item, "label", c->label);
        for (int k = 0; k < l->filter_count; k++)
            add_filled(item, l->filter_heads[k], c->filters[k]);
    }
}

static void add_rows(xmlNodePtr root, const struct wsheet *s)
{
    for (int i = 0; i < s->row_count; i++) {
        xmlNodePtr item = add_element(root, "item", NULL);
        for (int k = 0; k < s->head_count; k++)
            add_column(item, s->heads[k], s->rows[i].cells[k]);
    }
}

/* In document order numbers, so that libxml2 need not count its way through long lists. */
static xmlDocPtr add_document(struct secondary *all, const char *name,
                              const struct choice_list *list, const struct wsheet *sheet)
{
    xmlDocPtr d = xmlNewDoc((const xmlChar *)"1.0");
    xmlNodePtr root = d ? xmlNewNode(NULL, (const xmlChar *)"root") : NULL;
    if (!root)
        die(CANNOT, "内存不足");
    xmlDocSetRootElement(d, root);
    if (list)
        add_choices(root, list);
    else
        add_rows(root, sheet);
    xmlXPathOrderDocElems(d);
    GROW(all->list, all->count, all->room);
    all->list[all->count++] = (struct instance){must_strdup(name), d};
    return d;
}

xmlDocPtr secondary_open(struct secondary *all, const struct form *form, const char *name,
                         const char **why)
{
    for (int i = 0; i < all->count; i++)
        if (strcmp(all->list[i].name, name) == 0)
            return all->list[i].document;
    for (int i = 0; i < form->sheet_list_count; i++)
        if (strcmp(form->lists[i].name, name) == 0)
            return add_document(all, name, &form->lists[i], NULL);
    struct lookup *l = lookups_open(form->lookups, name, why);
    if (l)
        return add_document(all, name, NULL, lookup_sheet(l));
    *why = "choices 表里没有这个选项表，问卷所在的文件夹里也没有这个 .csv 文件";
    return NULL;
}

bool secondary_has_column(xmlDocPtr instance, const char *column)
{
    xmlNodePtr item = xmlFirstElementChild(xmlDocGetRootElement(instance));
    if (!item)
        return true; /* who knows */
    for (; item; item = item->next)
        for (xmlNodePtr n = item->children; n; n = n->next)
            if (strcmp((const char *)n->name, column) == 0)
                return true;
    return false;
}
