// SPDX-License-Identifier: MIT
import lodash from 'lodash';

globalThis._ = lodash;
