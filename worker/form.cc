/* SPDX-License-Identifier: MIT */
/* The form of a source: a module, the body of a function, or an expression.
 *
 * V8 decides: a text has a form when it compiles in that form. Code that is added around a text is on lines of its own,
 * and lines are numbered so that the first line of the text is 1: every place that V8 names is a place in the text as
 * it was written. */
#include <string.h>

#include <algorithm>

#include "core/fence.h"
#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;

/* ---- compiling */

/* Compiles a text. False: the error is in *why, and no exception is pending. */
static bool try_compile(engine *e, const char *name, const std::string &text, int first, formed *out,
                        failure *why)
{
    TryCatch caught(e->isolate);

    if (compile_lines(e->isolate, name, text.data(), text.size(), first).ToLocal(&out->module))
        return true;
    *why = failure_of(caught);
    return false;
}

/* True when V8 can compile the text. */
static bool compiles(engine *e, const std::string &text)
{
    formed ignored;
    failure why;

    return try_compile(e, "", text, 0, &ignored, &why);
}

/* True when a text has only blanks and comments: nothing else may follow the body of an arrow function. */
static bool is_blank(engine *e, const std::string &text)
{
    return compiles(e, "(() => {}\n" + text + "\n)");
}

/* The number of bytes before a place that V8 counts in UTF-16 units. */
static size_t bytes_before(const std::string &text, int units)
{
    size_t at = 0;

    for (; at < text.size() && units > 0; units--) {
        unsigned char lead = static_cast<unsigned char>(text[at]);
        at += lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        units -= lead >= 0xf0; /* two units */
    }
    return std::min(at, text.size());
}

static size_t end_of_line(const std::string &text, int line)
{
    size_t at = text.find('\n');

    for (; line > 1 && at != std::string::npos; line--)
        at = text.find('\n', at + 1);
    return std::min(at, text.size());
}

/* ---- errors of V8 */

#define END_OF_INPUT   "Unexpected end of input"
#define ILLEGAL_RETURN "Illegal return statement"

static bool says(engine *e, const failure &why, const char *words)
{
    return !why.message.IsEmpty() && utf8(e->isolate, why.message->Get()).find(words) != std::string::npos;
}

static int line_of(engine *e, Local<Context> context, const failure &why)
{
    return static_cast<int>(position_of(e, context, why).line);
}

/* True when the error is right after the word `import`: an import declaration cannot stand in a function. */
static bool is_at_import(engine *e, Local<Context> context, const failure &why)
{
    Local<String> source;
    std::string line;

    if (why.message.IsEmpty() || !why.message->GetSourceLine(context).ToLocal(&source))
        return false;
    line = utf8(e->isolate, source);
    line.resize(bytes_before(line, why.message->GetStartColumn(context).FromMaybe(0)));
    line.resize(line.find_last_not_of(" \t") + 1);
    return line == "import" || (line.size() > 6 && strchr(" \t;", line[line.size() - 7]) &&
                                line.compare(line.size() - 6, 6, "import") == 0);
}

/* The error for a text that ends too early. V8 reports another error, because it reads the code around the text. */
static failure end_of_input(engine *e, Local<Context> context, const std::string &text)
{
    Local<Value> error = Exception::SyntaxError(iso::text(e->isolate, END_OF_INPUT));
    size_t line_start = text.rfind('\n') + 1; /* 0 without one */
    import_failure place;

    place.source = e->runs;
    place.line = 1 + static_cast<unsigned>(std::count(text.begin(), text.end(), '\n'));
    place.column = 1;
    for (size_t at = line_start; at < text.size(); place.column++)
        at += bytes_before(text.substr(at, 4), 1);
    note_import_failure(e, context, error, place);
    return {error, Exception::CreateMessage(e->isolate, error)};
}

/* ---- the body of a function */

static const std::string BODY = "export default (0, async () => {\n", BODY_END = "\n})";

/* Compiles the text as a function; `all` is the text with the code around it. */
static bool compile_function(engine *e, Local<Context> context, const engine_source *source,
                             const std::string &text, const std::string &all, int first, formed *out,
                             failure *why)
{
    out->form = formed::BODY;
    if (try_compile(e, source->name, all, first, out, why))
        return true;
    if (!why->message.IsEmpty() &&
        bytes_before(all, why->message->GetStartPosition()) >= all.size() - BODY_END.size())
        *why = end_of_input(e, context, text);
    return false;
}

/* The most lines of imports, and so the most tries. */
#define MOST_IMPORT_LINES 100

/* Compiles imports followed by the body of a function: the beginning of the function is added to the end of the last
 * line of imports. A try fails at the next import, in the middle of an import of several lines, or because the line
 * ends with a comment; then the next line is tried. */
static bool compile_behind_imports(engine *e, Local<Context> context, const engine_source *source, int line,
                                   formed *out, failure *why)
{
    std::string text(source->text, source->len);

    for (int tries = 0; tries < MOST_IMPORT_LINES; tries++, line++) {
        size_t head = end_of_line(text, line);
        std::string all =
            text.substr(0, head) + "; export default (0, async () => {" + text.substr(head) + BODY_END;
        if (compile_function(e, context, source, text, all, 0, out, why))
            return true;
        if (is_at_import(e, context, *why))
            line = std::max(line, line_of(e, context, *why) - 1);
        else if (says(e, *why, END_OF_INPUT) ||
                 (line_of(e, context, *why) > line && !says(e, *why, ILLEGAL_RETURN)))
            return false;
        if (head == text.size())
            return false;
    }
    return false;
}

static bool compile_body(engine *e, Local<Context> context, const engine_source *source, formed *out,
                         failure *why)
{
    std::string text(source->text, source->len);

    return compile_function(e, context, source, text, BODY + text + BODY_END, -1, out, why) ||
           (is_at_import(e, context, *why) &&
            compile_behind_imports(e, context, source, line_of(e, context, *why), out, why));
}

/* ---- an expression */

static const std::string EXPRESSION = "export default (0,\n", EXPRESSION_END = "\n)";

/* The place of a function's text in a text; npos: it is not there. V8 tells where its parameters begin, counting the
 * `before` units that were added before the text. */
static size_t find_function(engine *e, Local<Context> context, const std::string &text, size_t before,
                            Local<Function> function, size_t *end)
{
    Local<String> source;
    size_t at = bytes_before(text, function->GetScriptStartPosition() - static_cast<int>(before));

    if (!function->FunctionProtoToString(context).ToLocal(&source))
        return std::string::npos;
    std::string shown = utf8(e->isolate, source);
    at = text.rfind(shown, at);
    *end = at + shown.size();
    return at;
}

/* True when the text is one statement. `function f() {}\n(g)()` is two statements, but one expression. A declaration
 * can follow `export`, so it is tried that way: the function must then end where the text does. */
static bool is_one_statement(engine *e, Local<Context> context, const std::string &text)
{
    static const std::string before = "export ";
    size_t from = text.find_first_not_of(" \t\r\n"), to = text.find_last_not_of(" \t\r\n;"), end;
    TryCatch ignore(e->isolate);
    Local<Array> names;
    Local<Value> name, value;
    formed declared;
    failure why;

    if (from != std::string::npos && text[from] == '{' && text[to] != '}')
        return false;
    if (!try_compile(e, "", before + text, 0, &declared, &why))
        return true;
    if (!declared.module->InstantiateModule(context, resolve).FromMaybe(false))
        return false;
    Local<Object> space = declared.module->GetModuleNamespace().As<Object>();
    return space->GetOwnPropertyNames(context).ToLocal(&names) && names->Length() == 1 &&
           names->Get(context, 0).ToLocal(&name) && space->Get(context, name).ToLocal(&value) &&
           value->IsFunction() &&
           find_function(e, context, text, before.size(), value.As<Function>(), &end) != std::string::npos &&
           is_blank(e, text.substr(end));
}

/* Compiles an expression, without the semicolon at its end. *why is empty when the error is after the text. */
static bool compile_expression(engine *e, const engine_source *source, formed *out, failure *why)
{
    std::string text(source->text, source->len);
    size_t at;

    out->form = formed::EXPRESSION;
    if (try_compile(e, source->name, EXPRESSION + text + EXPRESSION_END, -1, out, why))
        return true;
    if (why->message.IsEmpty())
        return false;
    at = bytes_before(text, why->message->GetStartPosition() - static_cast<int>(EXPRESSION.size()));
    if (at >= text.size())
        *why = {};
    if (at >= text.size() || text[at] != ';' || !is_blank(e, text.substr(at + 1)))
        return false;
    text[at] = ' ';
    return try_compile(e, source->name, EXPRESSION + text + EXPRESSION_END, -1, out, why);
}

bool is_whole_text(engine *e, Local<Context> context, const formed &f, Local<Function> function)
{
    TryCatch ignore(e->isolate);
    size_t from, to;

    if (function->ScriptId() != e->script_ids.back())
        return false;
    from = find_function(e, context, f.text, EXPRESSION.size(), function, &to);
    if (from == std::string::npos || f.text.compare(from, 5, "class") == 0)
        return false;
    std::string around = f.text.substr(0, from) + "\n" + f.text.substr(to);
    for (char &c : around)
        if (c == '(' || c == ')' || c == ';')
            c = ' ';
    return is_blank(e, around);
}

/* ---- Markdown */

/* In a program that compiles, a fence is in a comment or a literal, or is two template literals. Two literals always
 * end with a TypeError, unless an operand before the first one could be a function to call. True when there is one. */
static bool is_operand(engine *e, const std::string &before)
{
    return compiles(e, before + "\n0") && !compiles(e, before + "\n.x");
}

/* True when the text is Markdown with one block of code; *code is then the text with blanks in place of all else. */
static bool is_fenced(engine *e, const engine_source *source, std::string *code)
{
    struct fence f;

    if (!fence_find(source->text, source->len, &f))
        return false;
    code->assign(source->text, source->len);
    if (compiles(e, *code) && (f.mark != '`' || !is_operand(e, code->substr(0, f.mark_at))))
        return false;
    fence_blank(code->data(), code->size(), &f);
    return true;
}

/* ---- all of them */

static bool compile_module(engine *e, const engine_source *source, formed *out, failure *why)
{
    TryCatch caught(e->isolate);

    out->form = formed::MODULE;
    if (compile_lines(e->isolate, source->name, source->text, source->len, 0).ToLocal(&out->module))
        return true;
    *why = failure_of(caught);
    return false;
}

/* Compiles a text as a module, or else in another form. When both fail, the error of the module counts, unless the
 * other form got further. */
static bool compile_auto(engine *e, Local<Context> context, const engine_source *source, formed *out,
                         failure *why)
{
    failure second;

    if (compile_module(e, source, out, why))
        return true;
    if (says(e, *why, ILLEGAL_RETURN) ? compile_body(e, context, source, out, &second)
                                      : compile_expression(e, source, out, &second))
        return true;
    if (says(e, second, END_OF_INPUT) ||
        (got_further(e, context, *why, second) && !says(e, second, "'export'")))
        *why = second;
    return false;
}

static bool compile_as_asked(engine *e, Local<Context> context, const engine_source *source, formed *out,
                             failure *why)
{
    if (source->form == FORM_AUTO)
        return compile_auto(e, context, source, out, why);
    return source->form == FORM_MODULE ? compile_module(e, source, out, why)
                                       : compile_body(e, context, source, out, why);
}

static bool link(engine *e, Local<Context> context, formed *f, failure *why)
{
    TryCatch caught(e->isolate);

    e->script_ids.resize(e->runs);
    e->script_ids.back() = f->module->ScriptId();
    if (load_imports(e, context, f->module) &&
        f->module->InstantiateModule(context, resolve).FromMaybe(false))
        return true;
    *why = failure_of(caught);
    return false;
}

static bool exports_nothing(Local<Context> context, Local<Module> module)
{
    Local<Array> names;

    return module->GetModuleNamespace()
               .As<Object>()
               ->GetOwnPropertyNames(context, static_cast<PropertyFilter>(ONLY_ENUMERABLE | SKIP_SYMBOLS))
               .ToLocal(&names) &&
           names->Length() == 0;
}

/* In the language that it is in; *read becomes what was compiled. */
static bool compile_source(engine *e, Local<Context> context, engine_source *read, bool fenced, formed *out,
                           failure *why)
{
    typed_source source = {read->language, e->runs, fenced, read->text, read->len};

    return compile_typed(
        e, context, source,
        [&](const char *text, size_t len, failure *refused) {
            read->text = text;
            read->len = len;
            return compile_as_asked(e, context, read, out, refused);
        },
        &out->stripped, why);
}

bool compile_formed(engine *e, Local<Context> context, const engine_source *source, formed *out, failure *why)
{
    engine_source read = *source;
    formed expression;
    failure ignored;
    bool fenced = source->form == FORM_AUTO && is_fenced(e, source, &out->text);

    if (fenced) {
        read.text = out->text.data();
        read.len = out->text.size();
    }
    if (!compile_source(e, context, &read, fenced, out, why) || !link(e, context, out, why))
        return false;
    if (out->form == formed::MODULE)
        out->exports_nothing = exports_nothing(context, out->module);
    if (source->form != FORM_AUTO || (out->form == formed::MODULE && !out->exports_nothing))
        return true;
    out->text.assign(read.text, read.len);
    if (out->form != formed::MODULE || !compile_expression(e, &read, &expression, &ignored) ||
        !is_one_statement(e, context, out->text))
        return true;
    out->form = formed::EXPRESSION;
    out->module = expression.module;
    return link(e, context, out, why);
}

} // namespace iso
