/* SPDX-License-Identifier: MIT */
/* TypeScript: the parent is asked for a source without its types, and what V8 makes of that counts. */
#include <string.h>

#include "core/utf8.h"
#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;

position position_of(engine *e, Local<Context> context, const failure &why)
{
    import_failure noted;

    if (!why.exception.IsEmpty() && import_failure_of(e, context, why.exception, &noted) && noted.line)
        return {noted.line, noted.column};
    if (why.message.IsEmpty())
        return {};
    return {static_cast<unsigned>(why.message->GetLineNumber(context).FromMaybe(0)),
            static_cast<unsigned>(why.message->GetStartColumn(context).FromMaybe(-1) + 1)};
}

bool got_further(engine *e, Local<Context> context, const failure &first, const failure &second)
{
    position a = position_of(e, context, first), b = position_of(e, context, second);

    return a.line < b.line || (a.line == b.line && a.column < b.column);
}

/* V8's words, without what it puts before them. */
static std::string words_of(engine *e, const failure &why)
{
    static const char before[] = "Uncaught SyntaxError: ";
    std::string said;

    if (why.message.IsEmpty())
        return said;
    said = utf8(e->isolate, why.message->Get());
    if (said.compare(0, sizeof before - 1, before) == 0)
        said.erase(0, sizeof before - 1);
    if (said.size() > FRAME_STRIP_MOST)
        said.resize(utf8_check(said.data(), FRAME_STRIP_MOST));
    return said;
}

static failure error_at(engine *e, Local<Context> context, unsigned source, const struct engine_strip &s)
{
    import_failure place;
    Local<String> message;

    if (!String::NewFromUtf8(e->isolate, s.text, NewStringType::kNormal, static_cast<int>(s.len))
             .ToLocal(&message))
        message = text(e->isolate, "the TypeScript cannot be understood");
    Local<Value> error = Exception::SyntaxError(message);
    place.source = source;
    place.line = s.text_line;
    place.column = s.text_column;
    note_import_failure(e, context, error, place);
    return {error, Exception::CreateMessage(e->isolate, error)};
}

/* 1: the source is in *stripped. 0: there is nothing to erase. -1: *why says what is wrong with it. */
static int strip_types(engine *e, Local<Context> context, const typed_source &source, std::string *stripped,
                       failure *why)
{
    position at = position_of(e, context, *why);
    std::string said = words_of(e, *why);
    struct engine_strip s = {};

    s.source = source.number;
    s.fenced = source.fenced;
    s.line = at.line;
    s.column = at.column;
    s.said = said.data();
    s.said_len = said.size();
    profile_wait(true);
    host->strip(&s);
    profile_wait(false);
    if (s.status == STRIP_TEXT)
        stripped->assign(s.text, s.len);
    if (s.status == STRIP_ERROR)
        *why = error_at(e, context, source.number, s);
    return s.status == STRIP_TEXT ? 1 : s.status == STRIP_ERROR ? -1 : 0;
}

bool compile_typed(engine *e, Local<Context> context, const typed_source &source, const compile_text &compile,
                   std::string *stripped, failure *why)
{
    bool said = source.language == LANGUAGE_TYPESCRIPT;
    failure second;
    int got;

    if (!said && compile(source.text, source.len, why))
        return true;
    if (source.language == LANGUAGE_JAVASCRIPT || (!said && why->exception.IsEmpty()))
        return false;
    got = strip_types(e, context, source, stripped, why);
    if (got < 0 || (got == 0 && !said))
        return false;
    if (got == 0)
        return compile(source.text, source.len, why);
    if (compile(stripped->data(), stripped->size(), &second))
        return true;
    if (said || got_further(e, context, *why, second))
        *why = second;
    return false;
}

} // namespace iso
