/* SPDX-License-Identifier: MIT */
/* host/schema/decimal.h - questions about numbers that doubles answer wrongly: 0.3 is a multiple of 0.1. */
#ifndef ISO_HOST_SCHEMA_DECIMAL_H
#define ISO_HOST_SCHEMA_DECIMAL_H
#include "core/json_walk.h"

/* 1 when a JSON number is whole, in any notation: 1.0 and 1e3 are. */
int decimal_is_whole(struct json number);

/* 1 when a JSON number can be a divisor here: above zero, with at most 18 significant digits. */
int decimal_is_divisor(struct json number);

/* 1 when the number is exactly a whole multiple of the divisor. */
int decimal_is_multiple(struct json number, struct json divisor);

#endif
