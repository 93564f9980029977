/* SPDX-License-Identifier: MIT */
/* The tables of the encodings are constants of this object: they are only read from the file when they are used. */
#include "worker/web/decoder.h"

#include "encodings.h" /* made by worker/prelude/encodings.mjs */

namespace iso
{

class Decoder
{
  public:
    Decoder(int kind, int given_flags, State *state) : encoding(kind), flags(given_flags), s(state) {}

    bool run(const unsigned char *data, size_t len)
    {
        out.reserve(len);
        for (size_t i = 0; i < len && !failed; i++) {
            if (data[i] < 0x80 && ascii_now()) {
                size_t end = i + 1;
                while (end < len && data[end] < 0x80)
                    end++;
                out.append(data + i, data + end);
                s->started = 1;
                i = end - 1;
                continue;
            }
            feed(data[i]);
        }
        if (!(flags & STREAM) && !failed) {
            finish();
            *s = {};
        }
        return !failed;
    }

    std::u16string out;

  private:
    /* True when the next byte is ASCII, which does not depend on earlier bytes. */
    bool ascii_now() const
    {
        return encoding != ENCODING_UTF_16LE && encoding != ENCODING_UTF_16BE &&
               encoding != ENCODING_ISO_2022_JP && s->a == 0 && s->b == 0;
    }

    void error()
    {
        if (flags & FATAL)
            failed = true;
        else
            put(0xfffd);
    }

    void put(uint32_t c)
    {
        if (!s->started) {
            s->started = 1;
            if (c == 0xfeff && !(flags & IGNORE_BOM) && encoding <= ENCODING_UTF_16BE)
                return;
        }
        if (c > 0xffff) {
            out.push_back((char16_t)(0xd7c0 + (c >> 10)));
            out.push_back((char16_t)(0xdc00 + (c & 0x3ff)));
        } else {
            out.push_back((char16_t)c);
        }
    }

    /* Appends a code point from a table. 0 is a hole, and an error; an ASCII byte is then read again as itself. */
    void put_or(uint32_t c, int byte)
    {
        if (c) {
            put(c);
            return;
        }
        error();
        if (byte < 0x80 && !failed)
            feed((unsigned char)byte);
    }

    void feed(unsigned char byte)
    {
        switch (encoding) {
        case ENCODING_UTF_8:
            return utf_8(byte);
        case ENCODING_UTF_16LE:
        case ENCODING_UTF_16BE:
            return utf_16(byte);
        case ENCODING_GBK:
        case ENCODING_GB18030:
            return gb18030(byte);
        case ENCODING_BIG5:
            return big5(byte);
        case ENCODING_EUC_JP:
            return euc_jp(byte);
        case ENCODING_ISO_2022_JP:
            return iso_2022_jp(byte);
        case ENCODING_SHIFT_JIS:
            return shift_jis(byte);
        case ENCODING_EUC_KR:
            return euc_kr(byte);
        case ENCODING_X_USER_DEFINED:
            return put(byte < 0x80 ? byte : 0xf780u + byte - 0x80);
        default:
            return put_or(single_bytes[encoding - ENCODING_SINGLE][byte - 0x80],
                          byte); /* ASCII never comes here */
        }
    }

    void finish()
    {
        if (encoding == ENCODING_ISO_2022_JP) {
            finish_iso_2022_jp();
        } else if (s->a || s->b || (encoding != ENCODING_UTF_8 && s->high)) {
            error();
        }
    }

    void utf_8(unsigned char byte)
    {
        if (s->b == 0) { /* no continuation bytes are expected */
            s->low = 0x80;
            s->high = 0xbf;
            s->c = 0;
            if (byte < 0x80)
                return put(byte);
            if (byte >= 0xc2 && byte <= 0xdf) {
                s->b = 1;
                s->a = byte & 0x1f;
            } else if (byte >= 0xe0 && byte <= 0xef) {
                s->low = byte == 0xe0 ? 0xa0 : 0x80;
                s->high = byte == 0xed ? 0x9f : 0xbf;
                s->b = 2;
                s->a = byte & 0xf;
            } else if (byte >= 0xf0 && byte <= 0xf4) {
                s->low = byte == 0xf0 ? 0x90 : 0x80;
                s->high = byte == 0xf4 ? 0x8f : 0xbf;
                s->b = 3;
                s->a = byte & 7;
            } else {
                s->high = 0;
                error();
                return;
            }
            return;
        }
        if (byte < s->low || byte > s->high) {
            s->a = s->b = s->c = s->low = s->high = 0;
            error();
            if (!failed)
                feed(byte);
            return;
        }
        s->low = 0x80;
        s->high = 0xbf;
        s->a = s->a << 6 | (byte & 0x3f);
        if (++s->c == s->b) {
            uint32_t c = (uint32_t)s->a;
            s->a = s->b = s->c = s->low = s->high = 0;
            put(c);
        }
    }

    void utf_16(unsigned char byte)
    {
        if (!s->b) {
            s->b = 1;
            s->a = byte;
            return;
        }
        uint32_t unit =
            encoding == ENCODING_UTF_16BE ? (uint32_t)s->a << 8 | byte : (uint32_t)byte << 8 | (uint32_t)s->a;
        s->a = s->b = 0;
        if (s->high) {
            uint32_t lead = (uint32_t)s->high;
            s->high = 0;
            if (unit >= 0xdc00 && unit <= 0xdfff)
                return put(0x10000 + ((lead - 0xd800) << 10) + (unit - 0xdc00));
            error();
            if (failed)
                return;
        }
        if (unit >= 0xd800 && unit <= 0xdbff)
            s->high = (int32_t)unit;
        else if (unit >= 0xdc00 && unit <= 0xdfff)
            error();
        else
            put(unit);
    }

    static uint32_t gb18030_range(uint32_t pointer)
    {
        uint32_t offset = 0, from = 0;

        if ((pointer > 39419 && pointer < 189000) || pointer > 1237575)
            return 0;
        if (pointer == 7457)
            return 0xe7c7;
        if (pointer >= 189000)
            return 0x10000 + pointer - 189000;
        for (const auto &range : gb18030_ranges) {
            if (range[0] > pointer)
                break;
            offset = range[0];
            from = range[1];
        }
        return from + pointer - offset;
    }

    void gb18030(unsigned char byte)
    {
        int first = s->a, second = s->b, third = s->c;

        if (third) {
            s->a = s->b = s->c = 0;
            uint32_t c =
                byte < 0x30 || byte > 0x39
                    ? 0
                    : gb18030_range(((uint32_t)(first - 0x81) * 10 + (uint32_t)(second - 0x30)) * 1260 +
                                    (uint32_t)(third - 0x81) * 10 + byte - 0x30);
            if (c)
                return put(c);
            error();
            if (byte < 0x30 || byte > 0x39)
                again(second, third, byte);
        } else if (second) {
            if (byte >= 0x81 && byte <= 0xfe) {
                s->c = byte;
                return;
            }
            s->a = s->b = 0;
            error();
            again(second, byte);
        } else if (first) {
            if (byte >= 0x30 && byte <= 0x39) {
                s->b = byte;
                return;
            }
            s->a = 0;
            put_or((byte >= 0x40 && byte <= 0x7e) || (byte >= 0x80 && byte <= 0xfe)
                       ? index_gb18030[(first - 0x81) * 190 + byte - (byte < 0x7f ? 0x40 : 0x41)]
                       : 0,
                   byte);
        } else if (byte < 0x80) {
            put(byte);
        } else if (byte == 0x80) {
            put(0x20ac);
        } else if (byte == 0xff) {
            error();
        } else {
            s->a = byte;
        }
    }

    /* Reads bytes again that did not belong to the character before. */
    void again(int x, int y, int z = -1)
    {
        for (int byte : {x, y, z})
            if (byte >= 0 && !failed)
                feed((unsigned char)byte);
    }

    void big5(unsigned char byte)
    {
        int lead = s->a, pointer = -1;

        if (!lead)
            return simple_lead(byte, 0x81, 0xfe);
        s->a = 0;
        if ((byte >= 0x40 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xfe))
            pointer = (lead - 0x81) * 157 + byte - (byte < 0x7f ? 0x40 : 0x62);
        if (pointer == 1133 || pointer == 1135 || pointer == 1164 || pointer == 1166) {
            put(pointer < 1150 ? 0xca : 0xea);
            return put(pointer == 1133 || pointer == 1164 ? 0x304 : 0x30c);
        }
        put_or(pointer < 0 ? 0 : index_big5[pointer], byte);
    }

    void simple_lead(unsigned char byte, int from, int to)
    {
        if (byte < 0x80)
            put(byte);
        else if (byte >= from && byte <= to)
            s->a = byte;
        else
            error();
    }

    static bool in_94(int byte)
    {
        return byte >= 0xa1 && byte <= 0xfe;
    }

    void euc_jp(unsigned char byte)
    {
        int lead = s->a;

        if (!lead) {
            if (byte == 0x8e || byte == 0x8f)
                s->a = byte;
            else
                simple_lead(byte, 0xa1, 0xfe);
            return;
        }
        if (lead == 0x8f && in_94(byte)) {
            s->flag = 1; /* JIS X 0212 */
            s->a = byte;
            return;
        }
        s->a = 0;
        if (lead == 0x8e && byte >= 0xa1 && byte <= 0xdf)
            return put(0xff61u - 0xa1 + byte);
        uint32_t c = 0;
        if (in_94(lead) && in_94(byte)) {
            int pointer = (lead - 0xa1) * 94 + byte - 0xa1;
            c = s->flag ? index_jis0212[pointer] : index_jis0208[pointer];
        }
        s->flag = 0;
        put_or(c, byte);
    }

    void shift_jis(unsigned char byte)
    {
        int lead = s->a, pointer = -1;

        if (!lead) {
            if (byte == 0x80)
                return put(byte);
            if (byte >= 0xa1 && byte <= 0xdf)
                return put(0xff61u - 0xa1 + byte);
            if (byte == 0xa0)
                return error();
            return simple_lead(byte, 0x81, 0xfc);
        }
        s->a = 0;
        if ((byte >= 0x40 && byte <= 0x7e) || (byte >= 0x80 && byte <= 0xfc))
            pointer = (lead - (lead < 0xa0 ? 0x81 : 0xc1)) * 188 + byte - (byte < 0x7f ? 0x40 : 0x41);
        if (pointer >= 8836 && pointer <= 10715)
            return put(0xe000u - 8836 + (uint32_t)pointer);
        put_or(pointer < 0 ? 0 : index_jis0208[pointer], byte);
    }

    void euc_kr(unsigned char byte)
    {
        int lead = s->a;

        if (!lead)
            return simple_lead(byte, 0x81, 0xfe);
        s->a = 0;
        put_or(byte >= 0x41 && byte <= 0xfe ? index_euc_kr[(lead - 0x81) * 190 + byte - 0x41] : 0, byte);
    }

    /* ISO-2022-JP: `low` is the state, `high` the state to fall back to, `a` the lead byte, `flag` whether an
     * escape sequence has just been. */
    enum { ASCII, ROMAN, KATAKANA, LEAD, TRAIL, ESCAPE_START, ESCAPE };

    void iso_2022_jp(unsigned char byte)
    {
        if (byte == 0x1b && s->low < ESCAPE_START) {
            bool cut = s->low == TRAIL;
            s->low = ESCAPE_START;
            if (cut)
                error();
            return;
        }
        switch (s->low) {
        case ASCII:
        case ROMAN:
            s->flag = 0;
            if (byte >= 0x80 || byte == 0x0e || byte == 0x0f)
                return error();
            if (s->low == ROMAN && (byte == 0x5c || byte == 0x7e))
                return put(byte == 0x5c ? 0xa5 : 0x203e);
            return put(byte);
        case KATAKANA:
            s->flag = 0;
            return byte >= 0x21 && byte <= 0x5f ? put(0xff61u - 0x21 + byte) : error();
        case LEAD:
            s->flag = 0;
            if (byte < 0x21 || byte > 0x7e)
                return error();
            s->a = byte;
            s->low = TRAIL;
            return;
        case TRAIL: {
            uint32_t c = byte >= 0x21 && byte <= 0x7e ? index_jis0208[(s->a - 0x21) * 94 + byte - 0x21] : 0;
            s->low = LEAD;
            return c ? put(c) : error();
        }
        case ESCAPE_START:
            if (byte == 0x24 || byte == 0x28) {
                s->a = byte;
                s->low = ESCAPE;
                return;
            }
            no_escape();
            return again(byte, -1);
        default: {
            int lead = s->a, next = -1;
            s->a = 0;
            if (lead == 0x28)
                next = byte == 0x42 ? ASCII : byte == 0x4a ? ROMAN : byte == 0x49 ? KATAKANA : -1;
            else if (byte == 0x40 || byte == 0x42)
                next = LEAD;
            if (next < 0) {
                no_escape();
                return again(lead, byte);
            }
            s->low = s->high = next;
            bool twice = s->flag;
            s->flag = 1;
            if (twice)
                error();
        }
        }
    }

    void no_escape()
    {
        s->flag = 0;
        s->low = s->high;
        error();
    }

    void finish_iso_2022_jp()
    {
        int lead = s->a;

        switch (s->low) {
        case TRAIL:
            return error();
        case ESCAPE_START:
            return no_escape();
        case ESCAPE:
            s->a = 0;
            no_escape();
            again(lead, -1);
            if (s->low == TRAIL && !failed) /* the byte was the first of two */
                error();
            return;
        }
    }

    int encoding, flags;
    State *s;
    bool failed = false;
};

bool decode_piece(int encoding, int flags, State *state, const unsigned char *data, size_t len,
                  std::u16string *out)
{
    Decoder decoder(encoding, flags, state);

    if (!decoder.run(data, len))
        return false;
    *out = std::move(decoder.out);
    return true;
}

} // namespace iso
