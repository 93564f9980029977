// Modules that every agent needs are evaluated here, once.
import { convert } from 'app:money';
import { currency, list } from 'host:orders';

export async function sum() {
    const orders = await list();
    return orders.reduce((all, order) => all + convert(order.total, order.in, currency), 0);
}
