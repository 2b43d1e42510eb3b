/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_own.h"

#include "output/workbook_list.h"
#include "output/workbook_own_private.h"

#include <stdlib.h>
#include <string.h>

static const char MAIN_NS[] = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
static const char REL_NS[] = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
static const char MAIN_TYPE[] =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
static const char SHEET_TYPE[] =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
static const char NOTES_TYPE[] =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
static const char DRAWING_TYPE[] = "application/vnd.openxmlformats-officedocument.vmlDrawing";

/* ---- which file --------------------------------------------------------------------------- */

static int asked_in(const struct problem_list *problems, const char *file)
{
    int count = 0;
    for (int i = 0; i < problems->count; i++)
        count += problems->items[i].asked && strcmp(problems->items[i].file, file) == 0;
    return count;
}

bool own_choose(struct store *raw, const struct problem_list *problems, struct buf *out,
                struct buf *sha256)
{
    int best = 0;
    struct query *q = store_query(raw, "SELECT path, sha256 FROM file WHERE format = 'xlsx' AND"
                                       " fate = 'read' AND instr(path, '!') = 0 ORDER BY path");
    while (query_next(q)) {
        int count = asked_in(problems, col_text(q, 0));
        if (count <= best)
            continue;
        best = count;
        buf_clear(out);
        buf_puts(out, col_text(q, 0));
        buf_clear(sha256);
        buf_puts(sha256, col_text(q, 1));
    }
    query_end(q);
    return best > 0;
}

/* ---- the two packages --------------------------------------------------------------------- */

struct joining {
    const struct copies *copies;
    const struct problem_list *problems;
    struct package *own, *added;
    struct buf own_book, added_book, prefix; /* names of the workbook parts; xl/returns/ */
    xmlDoc *book, *added_tree;               /* workbooks */
    struct styles styles;
    int lists; /* of the added sheets, how many are lists and go to the front */
    int relations;
};

/* The tree of the workbook part, if it is a plain one in the usual schema. */
static xmlDoc *open_book(struct package *p, struct buf *name)
{
    if (!p || !package_related(p, "", "/officeDocument", NULL, name))
        return NULL;
    char *type = package_type(p, name->text);
    xmlDoc *doc = strcmp(type, MAIN_TYPE) == 0 ? package_xml(p, name->text) : NULL;
    free(type);
    xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    if (root && root->ns && strcmp((const char *)root->ns->href, MAIN_NS) == 0 &&
        child_named(root, "sheets"))
        return doc;
    xmlFreeDoc(doc);
    return NULL;
}

static xmlDoc *related_xml(struct package *p, const char *part, const char *type)
{
    struct buf name = {0};
    xmlDoc *doc = package_related(p, part, type, NULL, &name) ? package_xml(p, name.text) : NULL;
    buf_free(&name);
    return doc;
}

/* The part of a <sheet>. */
static bool sheet_part(struct package *p, const struct buf *book, const xmlNode *sheet,
                       struct buf *out)
{
    xmlChar *id = xmlGetNsProp(sheet, BAD_CAST "id", BAD_CAST REL_NS);
    bool found = id && package_related(p, book->text, "", (const char *)id, out);
    xmlFree(id);
    return found;
}

static bool has_name(const xmlNode *sheet, const char *name)
{
    xmlChar *text = xmlGetNoNsProp(sheet, BAD_CAST "name");
    bool same = text && strcmp((const char *)text, name) == 0;
    xmlFree(text);
    return same;
}

/* ---- added sheets ------------------------------------------------------------------------- */

static void shift_style(xmlNode *n, const char *attribute, long by)
{
    if (xmlHasProp(n, BAD_CAST attribute))
        node_set_number(n, attribute, node_number(n, attribute, 0) + by);
}

/* The styles of an added sheet stand behind the county's; its strings are in its cells. */
static void adapt_sheet(struct joining *j, xmlDoc *sheet)
{
    xmlNode *root = xmlDocGetRootElement(sheet);
    xmlNode *columns = child_named(root, "cols"), *data = child_named(root, "sheetData");
    for (xmlNode *n = columns ? columns->children : NULL; n; n = n->next)
        if (node_is(n, "col"))
            shift_style(n, "style", j->styles.first_added);
    for (xmlNode *row = data ? data->children : NULL; row; row = row->next) {
        if (!node_is(row, "row"))
            continue;
        shift_style(row, "s", j->styles.first_added);
        for (xmlNode *c = row->children; c; c = c->next)
            if (node_is(c, "c"))
                shift_style(c, "s", j->styles.first_added);
    }
}

/* The name that a part of the added workbook gets: xl/… becomes xl/returns/…, so that the
 * relations between them stay right. */
static void new_name(const struct joining *j, const char *part, struct buf *out)
{
    buf_clear(out);
    buf_printf(out, "%s%s", j->prefix.text, starts_with(part, "xl/") ? part + 3 : part);
}

/* A free relation id of the workbook part. */
static void next_id(struct joining *j, char out[32])
{
    snprintf(out, 32, "rIdReturns%d", ++j->relations);
}

static long largest_sheet_id(const xmlNode *sheets)
{
    long most = 0;
    for (xmlNode *n = sheets->children; n; n = n->next)
        if (node_is(n, "sheet") && node_number(n, "sheetId", 0) > most)
            most = node_number(n, "sheetId", 0);
    return most;
}

/* Adds a <sheet> to the county's workbook, before `next` or at the end. */
static int enter_sheet(struct joining *j, const xmlNode *added, const char *part, xmlNode *next)
{
    char id[32];
    xmlNode *root = xmlDocGetRootElement(j->book), *sheets = child_named(root, "sheets");
    xmlNs *ns = xmlSearchNsByHref(j->book, root, BAD_CAST REL_NS);
    xmlNode *n = xmlNewDocNode(j->book, sheets->ns, BAD_CAST "sheet", NULL);
    xmlChar *name = xmlGetNoNsProp(added, BAD_CAST "name");
    next_id(j, id);
    xmlNewProp(n, BAD_CAST "name", name);
    xmlFree(name);
    node_set_number(n, "sheetId", largest_sheet_id(sheets) + 1);
    if (next)
        xmlAddPrevSibling(next, n);
    else
        xmlAddChild(sheets, n);
    if (!ns)
        ns = xmlNewNs(root, BAD_CAST REL_NS, BAD_CAST "r");
    xmlNewNsProp(n, ns, BAD_CAST "id", BAD_CAST id);
    struct buf type = {0};
    buf_printf(&type, "%s/worksheet", REL_NS);
    int rc = package_relate(j->own, j->own_book.text, id, type.text, part);
    buf_free(&type);
    return rc < 0 ? -1 : package_declare(j->own, part, SHEET_TYPE);
}

/* Takes a part over as it is. */
static int take_part(struct joining *j, const char *part, const char *type)
{
    struct buf name = {0}, bytes = {0};
    const struct buf *from = package_bytes(j->added, part);
    if (!from)
        return -1;
    buf_put(&bytes, from->text, from->len);
    new_name(j, part, &name);
    package_set(j->own, name.text, &bytes);
    int rc = *type ? package_declare(j->own, name.text, type) : 0;
    buf_free(&name);
    return rc;
}

/* The relations of an added sheet, if it has any. */
static int take_relations(struct joining *j, const char *part)
{
    struct buf name = {0};
    package_relations(&name, part);
    int rc = package_has(j->added, name.text) ? take_part(j, name.text, "") : 0;
    buf_free(&name);
    return rc;
}

static int add_sheet(struct joining *j, const xmlNode *added, xmlNode *next)
{
    struct buf part = {0}, name = {0};
    xmlDoc *sheet = sheet_part(j->added, &j->added_book, added, &part)
                        ? package_xml(j->added, part.text)
                        : NULL;
    int rc = -1;
    if (sheet) {
        adapt_sheet(j, sheet);
        new_name(j, part.text, &name);
        package_set_xml(j->own, name.text, sheet);
        rc = enter_sheet(j, added, name.text, next);
    }
    if (rc == 0)
        rc = take_relations(j, part.text);
    buf_free(&part);
    buf_free(&name);
    return rc;
}

/* Notes and their drawings. */
static int take_notes(struct joining *j)
{
    for (int i = 0; i < package_count(j->added); i++) {
        const char *name = package_name(j->added, i);
        const char *type = starts_with(name, "xl/comments")    ? NOTES_TYPE
                           : starts_with(name, "xl/drawings/") ? DRAWING_TYPE
                                                               : NULL;
        if (type && take_part(j, name, type) < 0)
            return -1;
    }
    return 0;
}

/* ---- the county's sheets ------------------------------------------------------------------ */

/* Elements of a worksheet that stand behind legacyDrawing (CT_Worksheet). */
static xmlNode *behind_drawing(xmlNode *root)
{
    static const char *const names[] = {"legacyDrawingHF", "picture",         "oleObjects",
                                        "controls",        "webPublishItems", "tableParts",
                                        "extLst",          "AlternateContent"};
    for (xmlNode *n = root->children; n; n = n->next)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (node_is(n, names[i]))
                return n;
    return NULL;
}

/* Relates the sheet to a part that the added sheet `from` is related to. */
static int share(struct joining *j, const char *part, const char *from, const char *kind,
                 const char *id)
{
    struct buf there = {0}, here = {0}, type = {0};
    char suffix[32];
    snprintf(suffix, sizeof suffix, "/%s", kind);
    int rc = -1;
    if (package_related(j->added, from, suffix, NULL, &there)) {
        new_name(j, there.text, &here);
        buf_printf(&type, "%s%s", REL_NS, suffix);
        rc = package_relate(j->own, part, id, type.text, here.text);
    }
    buf_free(&there);
    buf_free(&here);
    buf_free(&type);
    return rc;
}

/* Gives the sheet the notes of the added sheet `from`.  A sheet with notes of its own keeps them,
 * and gets colours only: what is wrong stands in the list. */
static int put_notes(struct joining *j, xmlDoc *sheet, const char *part, const char *from)
{
    xmlNode *root = xmlDocGetRootElement(sheet);
    struct buf other = {0};
    bool noted = child_named(root, "legacyDrawing") ||
                 package_related(j->own, part, "/comments", NULL, &other) ||
                 !package_related(j->added, from, "/comments", NULL, &other);
    buf_free(&other);
    if (noted)
        return 0;
    xmlNs *ns = xmlSearchNsByHref(sheet, root, BAD_CAST REL_NS);
    if (!ns)
        ns = xmlNewNs(root, BAD_CAST REL_NS, BAD_CAST "r");
    xmlNode *n = xmlNewDocNode(sheet, root->ns, BAD_CAST "legacyDrawing", NULL);
    xmlNode *next = behind_drawing(root);
    if (next)
        xmlAddPrevSibling(next, n);
    else
        xmlAddChild(root, n);
    xmlNewNsProp(n, ns, BAD_CAST "id", BAD_CAST "rIdReturnsDrawing");
    if (share(j, part, from, "vmlDrawing", "rIdReturnsDrawing") < 0)
        return -1;
    return share(j, part, from, "comments", "rIdReturnsNotes");
}

/* The list is the sheet in sight; two sheets in sight would be edited together. */
static void unselect(xmlDoc *sheet)
{
    xmlNode *views = child_named(xmlDocGetRootElement(sheet), "sheetViews");
    for (xmlNode *n = views ? views->children : NULL; n; n = n->next)
        if (n->type == XML_ELEMENT_NODE)
            xmlUnsetProp(n, BAD_CAST "tabSelected");
}

static int mark_sheet(struct joining *j, const xmlNode *sheet, const xmlNode *added, int copy)
{
    struct buf part = {0}, from = {0};
    int rc = -1;
    xmlDoc *doc =
        sheet_part(j->own, &j->own_book, sheet, &part) ? package_xml(j->own, part.text) : NULL;
    if (doc) {
        unselect(doc);
        rc = sheet_mark(doc, &j->styles, j->copies, j->problems, copy);
        if (rc == 0 && sheet_part(j->added, &j->added_book, added, &from))
            rc = put_notes(j, doc, part.text, from.text);
        package_set_xml(j->own, part.text, doc);
    }
    buf_free(&part);
    buf_free(&from);
    return rc;
}

/* A sheet without problems changes only when it is the one in sight. */
static int leave_sheet(struct joining *j, const xmlNode *sheet)
{
    struct buf part = {0};
    bool there = sheet_part(j->own, &j->own_book, sheet, &part);
    const struct buf *bytes = there ? package_bytes(j->own, part.text) : NULL;
    int rc = bytes ? 0 : -1;
    if (bytes && bytes->len && memmem(bytes->text, bytes->len, "tabSelected", 11)) {
        xmlDoc *doc = package_xml(j->own, part.text);
        rc = doc ? 0 : -1;
        if (doc) {
            unselect(doc);
            package_set_xml(j->own, part.text, doc);
        }
    }
    buf_free(&part);
    return rc;
}

static int own_copy(const struct joining *j, const xmlNode *sheet)
{
    for (int i = 0; i < j->copies->count; i++)
        if (j->copies->items[i].own && has_name(sheet, j->copies->items[i].tab))
            return i;
    return -1;
}

static const xmlNode *sheet_named(const xmlNode *sheets, const char *name)
{
    for (const xmlNode *n = sheets->children; n; n = n->next)
        if (node_is(n, "sheet") && has_name(n, name))
            return n;
    return NULL;
}

/* Whether the county's workbook has a sheet of that name already, which case does not tell
 * apart. */
static bool is_taken(const struct joining *j, const xmlNode *added)
{
    xmlNode *n = child_named(xmlDocGetRootElement(j->book), "sheets")->children;
    xmlChar *name = xmlGetNoNsProp(added, BAD_CAST "name");
    bool taken = false;
    for (; n && !taken; n = n->next) {
        xmlChar *other = node_is(n, "sheet") ? xmlGetNoNsProp(n, BAD_CAST "name") : NULL;
        taken = other && xmlStrcasecmp(name, other) == 0;
        xmlFree(other);
    }
    xmlFree(name);
    return taken;
}

static int mark_sheets(struct joining *j)
{
    xmlNode *sheets = child_named(xmlDocGetRootElement(j->book), "sheets");
    xmlNode *added = child_named(xmlDocGetRootElement(j->added_tree), "sheets");
    int marked = 0, wanted = 0;
    for (int i = 0; i < j->copies->count; i++)
        wanted += j->copies->items[i].own;
    for (xmlNode *n = sheets->children; n; n = n->next) {
        if (!node_is(n, "sheet"))
            continue;
        int copy = own_copy(j, n);
        const xmlNode *notes = copy < 0 ? NULL : sheet_named(added, j->copies->items[copy].tab);
        if ((notes ? mark_sheet(j, n, notes, copy) : leave_sheet(j, n)) < 0)
            return -1;
        marked += notes != NULL;
    }
    return marked == wanted ? 0 : -1;
}

/* ---- the workbook part -------------------------------------------------------------------- */

static int add_sheets(struct joining *j)
{
    xmlNode *first = child_named(child_named(xmlDocGetRootElement(j->book), "sheets"), "sheet");
    xmlNode *added = child_named(xmlDocGetRootElement(j->added_tree), "sheets");
    int rc = 0;
    for (xmlNode *n = added->children; n && rc == 0; n = n->next) {
        if (!node_is(n, "sheet") || own_copy(j, n) >= 0)
            continue;
        bool list = has_name(n, LIST_ASKED) || has_name(n, LIST_ANSWERED) || has_name(n, LIST_TOLD);
        j->lists += list;
        rc = is_taken(j, n) ? -1 : add_sheet(j, n, list ? first : NULL);
    }
    return rc;
}

/* Where definedNames go: behind the last of those that come before them (CT_Workbook). */
static xmlNode *names_node(xmlDoc *book)
{
    xmlNode *root = xmlDocGetRootElement(book), *names = child_named(root, "definedNames");
    if (names)
        return names;
    static const char *const before[] = {"externalReferences", "functionGroups", "sheets"};
    xmlNode *last = NULL;
    for (size_t i = 0; i < 3 && !last; i++)
        last = child_named(root, before[i]);
    names = xmlNewDocNode(book, root->ns, BAD_CAST "definedNames", NULL);
    return xmlAddNextSibling(last, names);
}

/* Names of sheets go by the sheets' positions: those of the county move behind the lists. */
static void join_names(struct joining *j)
{
    xmlNode *from = child_named(xmlDocGetRootElement(j->added_tree), "definedNames");
    xmlNode *to = names_node(j->book);
    for (xmlNode *n = to->children; n; n = n->next)
        if (node_is(n, "definedName") && xmlHasProp(n, BAD_CAST "localSheetId"))
            node_set_number(n, "localSheetId", node_number(n, "localSheetId", 0) + j->lists);
    for (xmlNode *n = from ? from->children : NULL; n; n = n->next)
        if (node_is(n, "definedName") && node_number(n, "localSheetId", -1) < j->lists)
            xmlAddChild(to, xmlDocCopyNode(n, j->book, 1));
    if (!to->children) {
        xmlUnlinkNode(to);
        xmlFreeNode(to);
    }
}

static void show_list_first(struct joining *j)
{
    xmlNode *views = child_named(xmlDocGetRootElement(j->book), "bookViews");
    for (xmlNode *n = views ? views->children : NULL; n; n = n->next)
        if (node_is(n, "workbookView")) {
            xmlUnsetProp(n, BAD_CAST "activeTab");
            xmlUnsetProp(n, BAD_CAST "firstSheet");
        }
}

/* ------------------------------------------------------------------------------------------- */

static void choose_prefix(struct joining *j)
{
    bool taken = true;
    for (int i = 1; taken; i++) {
        buf_clear(&j->prefix);
        buf_printf(&j->prefix, "xl/returns%d/", i);
        taken = false;
        for (int k = 0; k < package_count(j->own) && !taken; k++)
            taken = starts_with(package_name(j->own, k), j->prefix.text);
    }
}

static int join(struct joining *j)
{
    struct buf name = {0};
    if (!(j->book = open_book(j->own, &j->own_book)) ||
        !(j->added_tree = open_book(j->added, &j->added_book)))
        return -1;
    xmlDoc *added_styles = related_xml(j->added, j->added_book.text, "/styles");
    xmlDoc *styles = related_xml(j->own, j->own_book.text, "/styles");
    choose_prefix(j);
    int rc = styles && added_styles ? styles_join(&j->styles, styles, added_styles) : -1;
    if (rc == 0)
        rc = mark_sheets(j);
    if (rc == 0)
        rc = add_sheets(j);
    if (rc == 0)
        rc = take_notes(j);
    xmlFreeDoc(added_styles);
    if (rc < 0 || !package_related(j->own, j->own_book.text, "/styles", NULL, &name)) {
        xmlFreeDoc(styles);
        buf_free(&name);
        return -1;
    }
    package_set_xml(j->own, name.text, styles);
    buf_free(&name);
    join_names(j);
    show_list_first(j);
    package_set_xml(j->own, j->own_book.text, j->book);
    j->book = NULL;
    return 0;
}

int workbook_own_write(const struct copies *copies, const struct problem_list *problems,
                       const char *own_path, const char *added_path, FILE *to)
{
    struct joining j = {.copies = copies,
                        .problems = problems,
                        .own = package_open(own_path),
                        .added = package_open(added_path)};
    int rc = j.own && j.added ? join(&j) : -1;
    if (rc == 0)
        rc = package_write(j.own, to);
    styles_free(&j.styles);
    xmlFreeDoc(j.book);
    xmlFreeDoc(j.added_tree);
    buf_free(&j.own_book);
    buf_free(&j.added_book);
    buf_free(&j.prefix);
    package_close(j.own);
    package_close(j.added);
    return rc;
}
