import { convert } from 'app:money';
import { list } from 'host:orders';

const orders = await list();
export default orders.map((order) => [order.id, convert(order.total, order.in, 'USD')]);
