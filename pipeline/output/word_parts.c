/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of a Word package around its text: styles, header, footers, properties, zip.
 */
#include "formats/zipwrite.h"
#include "output/document.h"
#include "output/word_private.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define NS                                                                                         \
    " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""                    \
    " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""             \
    " xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\""         \
    " xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\""                           \
    " xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\""
#define RELATION "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define RELATIONS                                                                                  \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
#define WORD_TYPE "application/vnd.openxmlformats-officedocument.wordprocessingml."

enum { BODY_SIZE = 32 }; /* 三号 */

/* ---- styles -------------------------------------------------------------------------------- */

/* Sizes are in half points: 三号 32, 二号 44, 四号 28, 小四 24, 五号 21, 小五 18. */
static const struct {
    const char *id, *name, *font; /* font: of Chinese text, "" as Normal */
    int size;
    const char *paragraph; /* pPr */
} STYLES[] = {
    {"Title", "Title", "方正小标宋简体", 44,
     "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:after=\"120\" w:line=\"720\" "
     "w:lineRule=\"exact\"/>"
     "<w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/><w:jc w:val=\"center\"/>"
     "<w:outlineLvl w:val=\"0\"/>"},
    {"Subtitle", "Subtitle", "楷体", 32,
     "<w:spacing w:after=\"300\"/><w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/>"
     "<w:jc w:val=\"center\"/>"},
    {"Heading1", "heading 1", "黑体", 32, "<w:keepNext/><w:outlineLvl w:val=\"0\"/>"},
    {"Heading2", "heading 2", "楷体", 32, "<w:keepNext/><w:outlineLvl w:val=\"1\"/>"},
    {"Heading3", "heading 3", "仿宋", 32, "<w:keepNext/><w:outlineLvl w:val=\"2\"/>"},
    {"Finding", "要点", "", 28,
     "<w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/>"
     "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"480\" w:lineRule=\"exact\"/>"},
    {"AnnexNumber", "附件号", "黑体", 32,
     "<w:keepNext/><w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/>"},
    {"AnnexTitle", "附件标题", "方正小标宋简体", 36,
     "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:after=\"120\" w:line=\"640\" "
     "w:lineRule=\"exact\"/>"
     "<w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/><w:jc w:val=\"center\"/>"
     "<w:outlineLvl w:val=\"0\"/>"},
    {"AnnexHead", "附件小标题", "黑体", 24,
     "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"120\" w:after=\"60\"/>"
     "<w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/>"},
    {"AnnexText", "附件正文", "", 24,
     "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"420\" w:lineRule=\"exact\"/>"},
    {"Definition", "指标解释", "宋体", 21,
     "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"320\" w:lineRule=\"exact\"/>"
     "<w:ind w:left=\"420\" w:hanging=\"420\" w:firstLine=\"0\" w:firstLineChars=\"0\"/>"},
    {"TableCaption", "表题", "黑体", 21,
     "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"200\" w:after=\"40\"/>"
     "<w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/><w:jc w:val=\"center\"/>"},
    {"TableUnit", "表内单位", "宋体", 18,
     "<w:keepNext/><w:snapToGrid w:val=\"0\"/>"
     "<w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/><w:jc w:val=\"right\"/>"},
    {"TableText", "表文", "宋体", 21,
     "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"320\" w:lineRule=\"atLeast\"/>"
     "<w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/>"},
    {"Figure", "图", "宋体", 21,
     "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"200\"/>"
     "<w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/><w:jc w:val=\"center\"/>"},
    {"FigureCaption", "图题", "黑体", 21,
     "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"40\" w:after=\"20\"/>"
     "<w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/><w:jc w:val=\"center\"/>"},
    {"Note", "图表注", "宋体", 18,
     "<w:keepNext/><w:snapToGrid w:val=\"0\"/>"
     "<w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/>"},
    {"NoteLast", "资料来源", "宋体", 18,
     "<w:snapToGrid w:val=\"0\"/><w:spacing w:after=\"240\"/>"
     "<w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/>"},
    {"Small", "小字", "", 18,
     "<w:snapToGrid w:val=\"0\"/><w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/>"},
    {"Header", "header", "黑体", 24,
     "<w:snapToGrid w:val=\"0\"/><w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/>"
     "<w:jc w:val=\"center\"/>"},
    {"Footer", "footer", "宋体", 28,
     "<w:snapToGrid w:val=\"0\"/><w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/>"},
};

static void put_fonts(struct buf *out, const char *font)
{
    if (*font)
        buf_printf(out, "<w:rFonts w:eastAsia=\"%s\"/>", font);
}

static void put_styles(struct buf *out)
{
    buf_puts(out,
             XML "<w:styles" NS "><w:docDefaults><w:rPrDefault><w:rPr>"
                 "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" "
                 "w:cs=\"Times New Roman\" w:eastAsia=\"仿宋\"/><w:kern w:val=\"2\"/>"
                 "<w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/>"
                 "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\" w:bidi=\"ar-SA\"/></w:rPr>"
                 "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
                 "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">"
                 "<w:name w:val=\"Normal\"/><w:qFormat/><w:pPr><w:widowControl/>"
                 "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:jc w:val=\"both\"/>"
                 "</w:pPr><w:rPr><w:spacing w:val=\"-5\"/></w:rPr></w:style>"
                 "<w:style w:type=\"character\" w:styleId=\"Strong\"><w:name w:val=\"Strong\"/>"
                 "<w:rPr><w:rFonts w:eastAsia=\"黑体\"/></w:rPr></w:style>"
                 "<w:style w:type=\"character\" w:styleId=\"Emphasis\">"
                 "<w:name w:val=\"Emphasis\"/><w:rPr><w:rFonts w:eastAsia=\"楷体\"/></w:rPr>"
                 "</w:style>"
                 "<w:style w:type=\"character\" w:styleId=\"Code\"><w:name w:val=\"代码\"/>"
                 "<w:rPr><w:rFonts w:ascii=\"Consolas\" w:hAnsi=\"Consolas\"/></w:rPr></w:style>"
                 "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\">"
                 "<w:name w:val=\"Normal Table\"/><w:tblPr><w:tblCellMar>"
                 "<w:left w:w=\"60\" w:type=\"dxa\"/><w:right w:w=\"60\" w:type=\"dxa\"/>"
                 "</w:tblCellMar></w:tblPr></w:style>"
                 "<w:style w:type=\"table\" w:styleId=\"ThreeLine\"><w:name w:val=\"三线表\"/>"
                 "<w:basedOn w:val=\"TableNormal\"/></w:style>");
    for (size_t i = 0; i < sizeof STYLES / sizeof *STYLES; i++) {
        buf_printf(out,
                   "<w:style w:type=\"paragraph\" w:styleId=\"%s\"><w:name w:val=\"%s\"/>"
                   "<w:basedOn w:val=\"Normal\"/><w:qFormat/><w:pPr>%s</w:pPr><w:rPr>",
                   STYLES[i].id, STYLES[i].name, STYLES[i].paragraph);
        put_fonts(out, STYLES[i].font);
        if (STYLES[i].size != BODY_SIZE)
            buf_puts(out, "<w:spacing w:val=\"0\"/>");
        buf_printf(out, "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/></w:rPr></w:style>",
                   STYLES[i].size, STYLES[i].size);
    }
    buf_puts(out, "</w:styles>");
}

/* ---- the other parts ----------------------------------------------------------------------- */

static void put_types(struct buf *out)
{
    buf_puts(out,
             XML "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                 "<Default Extension=\"rels\" "
                 "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                 "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                 "<Default Extension=\"png\" ContentType=\"image/png\"/>"
                 "<Override PartName=\"/docProps/core.xml\" "
                 "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>");
    static const char *const PARTS[][2] = {{"document", "document.main"}, {"styles", "styles"},
                                           {"settings", "settings"},      {"header1", "header"},
                                           {"footer1", "footer"},         {"footer2", "footer"}};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        buf_printf(out, "<Override PartName=\"/word/%s.xml\" ContentType=\"" WORD_TYPE "%s+xml\"/>",
                   PARTS[i][0], PARTS[i][1]);
    buf_puts(out, "</Types>");
}

static void put_root_relations(struct buf *out)
{
    buf_puts(out, XML RELATIONS
             "<Relationship Id=\"rDocument\" Type=\"" RELATION "officeDocument\" "
             "Target=\"word/document.xml\"/><Relationship Id=\"rCore\" "
             "Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
             "core-properties\" Target=\"docProps/core.xml\"/></Relationships>");
}

static void put_relations(struct buf *out, const struct word *w)
{
    static const char *const PARTS[][2] = {{"styles", "styles"},
                                           {"settings", "settings"},
                                           {"header1", "header"},
                                           {"footer1", "footer"},
                                           {"footer2", "footer"}};
    buf_puts(out, XML RELATIONS);
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        buf_printf(out, "<Relationship Id=\"r%s\" Type=\"" RELATION "%s\" Target=\"%s.xml\"/>",
                   PARTS[i][0], PARTS[i][1], PARTS[i][0]);
    for (int i = 1; i <= w->media_count; i++)
        buf_printf(out,
                   "<Relationship Id=\"rPicture%d\" Type=\"" RELATION "image\" "
                   "Target=\"media/image%d.png\"/>",
                   i, i);
    buf_puts(out, "</Relationships>");
}

static void put_core(struct buf *out, const struct word *w)
{
    const struct topic *t = w->results->topic;
    char date[32];
    time_t when = document_epoch(t);
    struct tm day;
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&when, &day));
    buf_puts(out, XML "<cp:coreProperties "
                      "xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/"
                      "core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                      "xmlns:dcterms=\"http://purl.org/dc/terms/\" "
                      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>");
    word_escape(out, t->title);
    buf_puts(out, "</dc:title><dc:creator>");
    word_escape(out, topic_setting(t, "issuer"));
    buf_puts(out, "</dc:creator><dc:subject>");
    word_escape(out, w->results->simulated ? "模拟数据 · 仅供演练" : topic_setting(t, "period"));
    buf_printf(out,
               "</dc:subject><dc:language>zh-CN</dc:language><dcterms:created "
               "xsi:type=\"dcterms:W3CDTF\">%s</dcterms:created></cp:coreProperties>",
               date);
}

static void put_settings(struct buf *out)
{
    buf_puts(out, XML "<w:settings" NS "><w:zoom w:percent=\"100\"/><w:mirrorMargins/>"
                      "<w:evenAndOddHeaders/><w:defaultTabStop w:val=\"640\"/>"
                      "<w:characterSpacingControl w:val=\"compressPunctuation\"/>"
                      "<w:compat><w:compatSetting w:name=\"compatibilityMode\" "
                      "w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/>"
                      "</w:compat></w:settings>");
}

static void put_header(struct buf *out, bool simulated)
{
    buf_puts(out, XML "<w:hdr" NS ">");
    struct buf runs = {0};
    if (simulated)
        word_run(&runs, "模拟数据 · 仅供演练");
    word_paragraph(out, "Header", buf_text(&runs));
    buf_puts(out, "</w:hdr>");
    buf_free(&runs);
}

/* — 3 — at the outer edge, one character in. */
static void put_footer(struct buf *out, const char *side)
{
    buf_printf(out,
               XML "<w:ftr" NS "><w:p><w:pPr><w:pStyle w:val=\"Footer\"/><w:ind w:left=\"280\" "
                   "w:right=\"280\" w:firstLine=\"0\" w:firstLineChars=\"0\"/>"
                   "<w:jc w:val=\"%s\"/></w:pPr>"
                   "<w:r><w:t xml:space=\"preserve\">— </w:t></w:r>"
                   "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>"
                   "<w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>"
                   "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r>"
                   "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
                   "<w:r><w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>",
               side);
}

/* 28 characters on 156 mm are 15.79 pt each: the style Normal sets 三号, 16 pt, 0.25 pt closer. */
static void put_document(struct buf *out, const struct word *w)
{
    buf_puts(out, XML "<w:document" NS "><w:body>");
    buf_puts(out, buf_text(&w->body));
    buf_puts(out, "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rheader1\"/>"
                  "<w:headerReference w:type=\"even\" r:id=\"rheader1\"/>"
                  "<w:footerReference w:type=\"default\" r:id=\"rfooter1\"/>"
                  "<w:footerReference w:type=\"even\" r:id=\"rfooter2\"/>"
                  "<w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"2098\" w:right=\"1474\" "
                  "w:bottom=\"1984\" w:left=\"1588\" w:header=\"1134\" w:footer=\"1418\" "
                  "w:gutter=\"0\"/><w:docGrid w:type=\"lines\" "
                  "w:linePitch=\"579\"/></w:sectPr></w:body></w:document>");
}

/* ---- the package --------------------------------------------------------------------------- */

/* Takes the bytes over. */
static int add_part(zip_t *zip, const char *name, struct buf *bytes)
{
    return zip_put(zip, name, zip_source_buffer(zip, bytes->text, bytes->len, 1));
}

static int add_parts(zip_t *zip, void *word)
{
    const struct word *w = word;
    enum { TYPES, ROOT, CORE, DOCUMENT, RELATIONS_PART, STYLES_PART, SETTINGS, HEADER, ODD, EVEN };
    static const char *const NAMES[] = {"[Content_Types].xml",
                                        "_rels/.rels",
                                        "docProps/core.xml",
                                        "word/document.xml",
                                        "word/_rels/document.xml.rels",
                                        "word/styles.xml",
                                        "word/settings.xml",
                                        "word/header1.xml",
                                        "word/footer1.xml",
                                        "word/footer2.xml"};
    struct buf parts[EVEN + 1] = {0};
    put_types(&parts[TYPES]);
    put_root_relations(&parts[ROOT]);
    put_core(&parts[CORE], w);
    put_document(&parts[DOCUMENT], w);
    put_relations(&parts[RELATIONS_PART], w);
    put_styles(&parts[STYLES_PART]);
    put_settings(&parts[SETTINGS]);
    put_header(&parts[HEADER], w->results->simulated);
    put_footer(&parts[ODD], "right");
    put_footer(&parts[EVEN], "left");
    int rc = 0;
    for (int i = 0; i <= EVEN; i++)
        rc |= add_part(zip, NAMES[i], &parts[i]);
    for (int i = 0; i < w->media_count && rc == 0; i++) {
        char name[64];
        snprintf(name, sizeof name, "word/media/image%d.png", i + 1);
        rc = zip_put(zip, name, zip_source_file(zip, w->media[i], 0, -1));
    }
    return rc;
}

int word_write(struct word *w, FILE *to)
{
    return zip_write(to, add_parts, w) == 0 ? 0 : error("不能写出 Word 文件");
}
