// What a model might write first.
const prices = [19.9, 5, 42];
const total = prices.reduce((sum, price) => sum + price);
consol.log('total', total);
export default total;
