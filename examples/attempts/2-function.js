// A second attempt, with another mistake.
const prices = [19.9, 5, 42];

export default () => prices.reduce((sum, price) => sum + price);
