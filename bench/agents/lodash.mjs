// SPDX-License-Identifier: MIT
// Groups a thousand rows and sums each group.
const rows = _.range(1000).map((i) => ({ team: `team ${i % 7}`, hours: (i * 37) % 11 }));

export default _.mapValues(_.groupBy(rows, 'team'), (group) => _.sumBy(group, 'hours'));
