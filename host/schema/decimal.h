/* SPDX-License-Identifier: MIT */
/* host/schema/decimal.h - questions about numbers that doubles answer wrongly: 0.3 is a multiple of 0.1. */
#ifndef ISO_HOST_SCHEMA_DECIMAL_H
#define ISO_HOST_SCHEMA_DECIMAL_H
#include "core/json_walk.h"

/* Whether a JSON number is whole, whatever it is written like: 1.0 and 1e3 are. */
int decimal_is_whole(struct json number);

/* Whether a JSON number can be a divisor here: above zero, of at most 18 digits that count. */
int decimal_is_divisor(struct json number);

/* Whether number is exactly a whole multiple of a divisor. */
int decimal_is_multiple(struct json number, struct json divisor);

#endif
