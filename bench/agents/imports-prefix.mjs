// SPDX-License-Identifier: MIT
// Evaluates what agents import, once.
import 'lodash-es';
import 'zod';
