/* SPDX-License-Identifier: MIT */
/* The memory budget, which heap, array buffers and resizable array buffers share.
 *
 * V8 (14.6) asks here for the memory of an array buffer, but not for that of a resizable one: it reserves addresses for
 * its greatest length (maxByteLength) and makes them writable with mprotect(2) as it grows. The kernel does not enforce
 * RLIMIT_DATA there when the process is close to RLIMIT_AS (Linux 6.18, mm/mprotect.c, mprotect_fixup). So V8 gets its
 * pages from a page allocator that counts them. */
#include <unordered_map>

#include "worker/engine_v8.h"

extern "C" void *__libc_calloc(size_t, size_t);
extern "C" void *__libc_malloc(size_t);

using namespace v8;

namespace iso
{

/* The addresses that are reserved for one resizable buffer; the key is its first address. */
struct reservation {
    size_t length, committed;
};

/* V8's page allocator, which counts pages that are reserved for buffers. V8 reserves addresses for its heap only while
 * it makes an isolate; later reservations are for buffers. */
class BudgetPages : public PageAllocator
{
  public:
    engine *owner = nullptr;

    explicit BudgetPages(PageAllocator *all) : inner(all) {}

    size_t AllocatePageSize() override
    {
        return inner->AllocatePageSize();
    }
    size_t CommitPageSize() override
    {
        return inner->CommitPageSize();
    }
    void SetRandomMmapSeed(int64_t seed) override
    {
        inner->SetRandomMmapSeed(seed);
    }
    void *GetRandomMmapAddr() override
    {
        return inner->GetRandomMmapAddr();
    }
    bool RecommitPages(void *at, size_t length, Permission permission) override
    {
        return inner->RecommitPages(at, length, permission);
    }
    bool DiscardSystemPages(void *at, size_t length) override
    {
        return inner->DiscardSystemPages(at, length);
    }
    bool DecommitPages(void *at, size_t length) override
    {
        return inner->DecommitPages(at, length);
    }
    bool ReleasePages(void *at, size_t length, size_t kept) override
    {
        return inner->ReleasePages(at, length, kept);
    }

    void *AllocatePages(void *hint, size_t length, size_t alignment, Permission permission) override
    {
        void *at;

        if (!owner || permission != kNoAccess)
            return inner->AllocatePages(hint, length, alignment, permission);
        at = owner->budget.may_reserve(length) ? inner->AllocatePages(hint, length, alignment, permission)
                                               : nullptr;
        if (!at)
            return owner->budget.refuse();
        reservations[at] = {length, 0};
        owner->budget.reserved += length;
        return at;
    }

    bool SetPermissions(void *at, size_t length, Permission permission) override
    {
        auto found = reservations.find(at);

        if (found == reservations.end() || permission != kReadWrite)
            return inner->SetPermissions(at, length, permission);
        return commit(&found->second, at, length);
    }

    bool FreePages(void *at, size_t length) override
    {
        auto found = reservations.find(at);

        if (found != reservations.end()) {
            owner->budget.reserved -= found->second.length;
            owner->budget.buffers -= found->second.committed;
            reservations.erase(found);
        }
        return inner->FreePages(at, length);
    }

  private:
    /* Counts new pages. Pages stay counted: when a buffer shrinks, V8 clears it and keeps its pages. */
    bool commit(reservation *r, void *at, size_t length)
    {
        size_t more = length > r->committed ? length - r->committed : 0;

        if (!owner->budget.has_room(more)) /* V8 collects garbage for reservations, but not for growth */
            owner->isolate->LowMemoryNotification();
        if (!owner->budget.has_room(more) || !inner->SetPermissions(at, length, kReadWrite))
            return owner->budget.refuse() != nullptr;
        r->committed += more;
        owner->budget.buffers += more;
        return true;
    }

    PageAllocator *inner;
    std::unordered_map<void *, reservation> reservations;
};

static BudgetPages *pages;

PageAllocator *pages_in_budget(PageAllocator *all)
{
    if (!pages)
        pages = new BudgetPages(all);
    return pages;
}

void budget_begins(engine *e)
{
    pages->owner = e;
}

} // namespace iso

bool Budget::has_room(size_t length) const
{
    HeapStatistics stats;
    uint64_t most = bytes;

    if (!most || !length)
        return true;
    owner->isolate->GetHeapStatistics(&stats);
    return length <= most && buffers + length + stats.used_heap_size() <= most;
}

/* Refuses memory for a buffer. While V8 loads a snapshot it cannot handle that, so the run ends. */
void *Budget::refuse() const
{
    if (owner->context.IsEmpty())
        iso::host->out_of_memory();
    iso::note_refusal(owner);
    return nullptr;
}

bool Budget::may_reserve(size_t length) const
{
    uint64_t most = bytes;

    return !most || (length <= most && reserved + length <= most);
}

void *BudgetAllocator::take(size_t length, bool zeroed)
{
    void *data = nullptr;

    if (budget->has_room(length))
        data = zeroed ? __libc_calloc(length ? length : 1, 1) : __libc_malloc(length ? length : 1);
    if (data) {
        budget->buffers += length;
        refusals = 0;
        return data;
    }
    /* V8 collects garbage and asks again, four times in all (Heap::AllocateExternalBackingStore). A request
     * that could fit an empty budget and still does not fit after that is growth past the budget: the run
     * ends. */
    refusals = length == last_refused ? refusals + 1 : 1;
    last_refused = length;
    if (length <= budget->bytes && refusals >= 4)
        iso::host->out_of_memory();
    return budget->refuse();
}

void *BudgetAllocator::Allocate(size_t length)
{
    return take(length, true);
}

void *BudgetAllocator::AllocateUninitialized(size_t length)
{
    return take(length, false);
}

void BudgetAllocator::Free(void *data, size_t length)
{
    budget->buffers -= length;
    free(data);
}
