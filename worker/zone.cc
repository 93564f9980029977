/* SPDX-License-Identifier: MIT */
/* The local time zone (--tz). V8's Date takes it from the environment, by way of ICU, and falls back to UTC
 * without a word when it does not like the name: one of three or four letters, or one in other letters than
 * tzdata's. Intl knows all of them. So the zone is set by its canonical name, and both are asked before agent
 * code runs. */
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

/* What worker/prelude/zone.js says about a name. */
static int refuse(const char *given, const std::string &zone, const std::string &why, struct iso_err *err)
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
        return refuse(given, "", "", err);
    argv[0] = name;
    if (!call_internal(e, context, "findZone", 1, argv).ToLocal(&found) || !found->IsObject())
        return refuse(given, "", "", err);
    std::string zone = member(e, context, found.As<Object>(), "zone"),
                why = member(e, context, found.As<Object>(), "why");
    if (zone.empty() || !why.empty())
        return refuse(given, zone, why, err);
    setenv("TZ", zone.c_str(), 1); /* the only one there is */
    e->isolate->DateTimeConfigurationChangeNotification(Isolate::TimeZoneDetection::kRedetect);
    argv[0] = text(e->isolate, zone.c_str());
    if (!call_internal(e, context, "zoneHolds", 1, argv).ToLocal(&holds) || !holds->IsTrue())
        return iso_fail(err, ISO_TIME_ZONE,
                        "Date cannot go by the time zone '%.64s' as Intl does: give another name for it",
                        given);
    return 0;
}

} // namespace iso
