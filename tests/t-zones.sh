#!/bin/sh
# --tz: every name of tzdata (zones/names.txt) is the same zone for Date, Intl and Temporal, or refused before any code
# runs. Expected offsets come from Intl, asked for the name itself: it does not depend on the local zone.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

cat >zone.js <<'JS'
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
const format = new Intl.DateTimeFormat("en-US", { timeZone: given.name, timeZoneName: "longOffset" });
const offset = (date) => {
    const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(format.format(date));
    return sign ? (sign === "-" ? -1 : 1) * (60 * hours + +minutes) : 0;
};
export const wrong = [];
for (let year = 1972; year < 2038; year++) {
    for (const month of [0, 3, 6, 9]) {
        const date = new Date(Date.UTC(year, month, 15));
        if (-date.getTimezoneOffset() !== offset(date)) wrong.push(date.toISOString());
        if (date.getHours() !== Temporal.Instant.fromEpochMilliseconds(+date).toZonedDateTimeISO(timeZone).hour) wrong.push(+date);
    }
}
export const same = timeZone === Temporal.Now.timeZoneId();
JS

# zone NAME: its document in out
zone() {
    globals "{\"given\": {\"value\": {\"name\": \"$1\"}}}"
    iso run -g globals.json --tz "$1" zone.js
}

test_that 'every name of tzdata is one zone for Date, Intl and Temporal'
count=0
while read -r name; do
    zone "$name"
    count=$((count + 1))
    case $name in
    Factory) refused "there is no time zone 'Factory'" ;; # tzdata's name for a clock that was never set
    *) is "$name" "$(jq -c .exports out)" '{"same":true,"wrong":[]}' ;;
    esac
done <"$TESTS/zones/names.txt"
within 'number of names' "$count" 598 620

test_that 'in other letters, too'
for name in america/new_york AMERICA/NEW_YORK utc Utc gmt cet prc w-su cuba europe/Paris etc/gmt+5 ASIA/kolkata; do
    zone "$name"
    is "$name" "$(jq -c .exports out)" '{"same":true,"wrong":[]}'
done

test_that 'hours of short names'
for row in CET=1,2 EET=2,3 MET=1,2 WET=0,1 EST=-5,-5 MST=-7,-7 HST=-10,-10 Cuba=-5,-4 Iran=3.5,3.5 PRC=8,8 ROC=8,8 ROK=9,9 \
    W-SU=3,3 NZ=13,12 GB=0,1 Eire=0,1 Zulu=0,0 UCT=0,0 GMT0=0,0 EST5EDT=-5,-4 Japan=9,9; do
    agent 'export default [0, 6].map((m) => -new Date(Date.UTC(2024, m, 1)).getTimezoneOffset() / 60 + 0);' --tz "${row%%=*}"
    completes "{\"default\":[${row#*=}]}"
done

# refuses NAME TEXT: the caller's mistake, whose message holds the text; nothing was run
refuses() {
    agent 'console.log("ran");' --tz "$1"
    refused "'$1'" "$2"
}

test_that 'offsets are no names'
for name in +05:30 -03:00 +0530 +05; do
    refuses "$name" 'is an offset, not a time zone: give a name'
done

test_that 'abbreviations of several zones are refused, with a name that was perhaps meant'
for row in PST=America/Los_Angeles CST=America/Chicago ist=Asia/Calcutta BST=Asia/Dhaka JST=Asia/Tokyo AET=Australia/Sydney; do
    refuses "${row%%=*}" "is an abbreviation that several time zones share: give a name, such as ${row#*=}"
done

test_that 'what is no name of tzdata is refused'
for name in Mars/Olympus Factory GMT+5 UTC+1 UTC1 Etc/Unknown localtime posixrules EDT CEST Europe Europe/ America/New-York; do
    refuses "$name" 'there is no time zone'
done

test_that 'an agent on a prefix that has replaced Intl and Date has its zone all the same'
prefix 'Intl.DateTimeFormat.prototype.resolvedOptions = Date.UTC = Date.prototype.getTimezoneOffset = RegExp.prototype.exec = () => { throw 1; };
globalThis.hours = () => new Date(0).getHours(); Intl = 1;'
agent 'export default hours();' --snapshot p.snap --tz PRC
completes '{"default":8}'

test_that 'batch: each of its runs has the zone'
printf '%s\n' '{"code":"export default new Date(0).getHours()"}' '{"code":"export default Intl.DateTimeFormat().resolvedOptions().timeZone"}' >jobs.jsonl
iso batch --ordered --tz cuba jobs.jsonl
is 'exports' "$(jq -c .exports.default out | tr '\n' ' ')" '19 "America/Havana" '

test_done
