/* SPDX-License-Identifier: MIT */
/* The local time zone (--tz). V8's Date takes it from the environment, through ICU, and silently uses UTC for some
 * names that Intl accepts: those of three or four letters, and those whose case differs from tzdata's. So the zone is
 * set by its canonical name, and both Date and Intl are checked before agent code runs. */
#include <stdlib.h>

#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;

static std::string member(engine *e, Local<Context> context, Local<Object> holder, const char *name)
{
    Local<Value> value;

    return holder->Get(context, text(e->isolate, name)).ToLocal(&value) && value->IsString()
               ? utf8(e->isolate, value.As<String>())
               : std::string();
}

/* Turns the answer of worker/prelude/zone.js about a name into an error. */
static int refuse_zone(const char *given, const std::string &zone, const std::string &why,
                       struct iso_err *err)
{
    if (why == "offset")
        return iso_fail(err, ISO_TIME_ZONE,
                        "'%.64s' is an offset, not a time zone: give a name, such as Asia/Kolkata, or "
                        "Etc/GMT-5 for five hours ahead of UTC",
                        given);
    if (why == "abbreviation")
        return iso_fail(
            err, ISO_TIME_ZONE,
            "'%.64s' is an abbreviation that several time zones share: give a name, such as %.64s", given,
            zone.c_str());
    return iso_fail(err, ISO_TIME_ZONE, "there is no time zone '%.64s'", given);
}

int set_zone(engine *e, Local<Context> context, const char *given, struct iso_err *err)
{
    Local<Value> argv[1], found, holds;
    Local<String> name;

    if (!String::NewFromUtf8(e->isolate, given).ToLocal(&name))
        return refuse_zone(given, "", "", err);
    argv[0] = name;
    if (!call_internal(e, context, "findZone", 1, argv).ToLocal(&found) || !found->IsObject())
        return refuse_zone(given, "", "", err);
    std::string zone = member(e, context, found.As<Object>(), "zone"),
                why = member(e, context, found.As<Object>(), "why");
    if (zone.empty() || !why.empty())
        return refuse_zone(given, zone, why, err);
    setenv("TZ", zone.c_str(), 1); /* the only variable in the environment */
    e->isolate->DateTimeConfigurationChangeNotification(Isolate::TimeZoneDetection::kRedetect);
    argv[0] = text(e->isolate, zone.c_str());
    if (!call_internal(e, context, "zoneHolds", 1, argv).ToLocal(&holds) || !holds->IsTrue())
        return iso_fail(err, ISO_TIME_ZONE,
                        "Date cannot go by the time zone '%.64s' as Intl does: give another name for it",
                        given);
    return 0;
}

} // namespace iso
