// Both functions are answered by one process, which lives as long as the run: it remembers.
const before = await stock.count('desk');
const left = await stock.take('desk', 3);
const error = await stock.take('desk', 3).catch((reason) => reason);

export default { before, left, error: `${error.name}: ${error.message}`, isRangeError: error instanceof RangeError };
