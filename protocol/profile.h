/* SPDX-License-Identifier: MIT */
/* protocol/profile.h - samples of the place of agent code, which a worker sends for --cpu-profile.
 *
 * The payload of a PROFILE frame is one record: its kind in the first byte, then numbers, all little endian.
 * PLACE   u32 line, u32 column, u32 length of the first of two JSON string literals: the name of a function,
 *         the name of its script. Places are numbered from 0 in the order in which they are sent.
 * START   u32 place, u32 line, u32 column: where the function around a place begins
 * SAMPLE  u64 ns of CLOCK_MONOTONIC when the signal came, then u32 places, the innermost first; no places:
 *         no function was running. The last may be PROFILE_CUT.
 * IDLE    u64 ns; the run was waiting. */
#ifndef ISO_PROTOCOL_PROFILE_H
#define ISO_PROTOCOL_PROFILE_H

enum profile_record { PROFILE_PLACE = 1, PROFILE_START, PROFILE_SAMPLE, PROFILE_IDLE };

/* Functions in one sample. A deeper stack keeps the innermost, and PROFILE_CUT in place of the others. */
#define PROFILE_MOST_DEPTH 128
#define PROFILE_CUT        0xffffffffu
/* Positions of calls and loops: more than a person would read in one agent's source. */
#define PROFILE_MOST_PLACES 65536
/* Bytes of a name before it is quoted as a literal. */
#define PROFILE_MOST_TEXT 256
/* The same of one that has been cut, with the words that say so. The parent takes no longer ones. */
#define PROFILE_MOST_NAME (PROFILE_MOST_TEXT + 64)

#endif
