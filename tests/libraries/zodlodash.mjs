// SPDX-License-Identifier: MIT
// As an application would ship zod and lodash: only the parts of zod that it names, minified.
import {
    ZodError, any, array, bigint, boolean, coerce, date, discriminatedUnion, email, enum as enumeration, lazy,
    literal, map, nullable, number, object, optional, prettifyError, record, set, string, toJSONSchema, tuple, union,
    unknown, url, uuid,
} from 'zod';
import lodash from 'lodash';

globalThis._ = lodash;
globalThis.z = {
    ZodError, any, array, bigint, boolean, coerce, date, discriminatedUnion, email, enum: enumeration, lazy,
    literal, map, nullable, number, object, optional, prettifyError, record, set, string, toJSONSchema, tuple, union,
    unknown, url, uuid,
};
