// A first attempt of a model.
const prices = [19.9, 5, 42];
const total = prices.reduce((sum, price) => sum + price);
consol.log('total', total);
export default total;
