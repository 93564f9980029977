export default ['x1y22'.replace(/\d+/g, (d) => d * 2), 'aXbX'.split('X'), [..."a1b2".matchAll(/[a-z](?<n>\d)/g)].map((m) => m.groups.n), 'ß'.localeCompare('ss', 'de'), (1234.5).toLocaleString('de')];
