// SPDX-License-Identifier: MIT
// About 1 MB of source: five libraries of different kinds.
import * as acorn from 'acorn';
import { Ajv } from 'ajv';
import * as dateFns from 'date-fns';
import lodash from 'lodash';
import * as luxon from 'luxon';

Object.assign(globalThis, { _: lodash, Ajv, acorn, dateFns, luxon });
