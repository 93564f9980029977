/* SPDX-License-Identifier: MIT */
/* worker/old_clang.h - defines std::source_location, which V8's headers use, for clang before 16: libstdc++ leaves it
 * out there, because clang lacks __builtin_source_location. The Makefile includes this file first.
 *
 * The class has libstdc++'s layout, one pointer, because V8's inline functions may pass it on; its value is always
 * "unknown". iso4 itself does not use it. */
#ifndef ISO_WORKER_OLD_CLANG_H
#define ISO_WORKER_OLD_CLANG_H
#include <source_location>

#if !defined(__cpp_lib_source_location)
namespace std
{
struct source_location {
    struct impl {
        const char *file, *function;
        unsigned line, column;
    };
    static constexpr impl unknown = {"", "", 0, 0};
    const impl *at = &unknown;

    static constexpr source_location current() noexcept
    {
        return {};
    }
    constexpr const char *file_name() const noexcept
    {
        return at->file;
    }
    constexpr const char *function_name() const noexcept
    {
        return at->function;
    }
    constexpr unsigned line() const noexcept
    {
        return at->line;
    }
    constexpr unsigned column() const noexcept
    {
        return at->column;
    }
};
} // namespace std
#endif
#endif
