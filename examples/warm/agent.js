// SPDX-License-Identifier: MIT

export default ['1 + 2 * 3', '(1 + 2) * 3', '-(2.5 - 5) / 2'].map(calculate);
