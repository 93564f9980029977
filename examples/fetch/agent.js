// Reads two pages of a list and tries what its host has not allowed.
const total = [];
for (let page = 1; page <= 2; page++) {
    const response = await fetch(`${api}/v1/items?page=${page}`);
    if (!response.ok) throw new Error(`page ${page}: ${response.status}`);
    total.push(...(await response.json()));
}

const refused = [];
for (const [url, init] of [
    [`${api}/v1/items`, { method: 'DELETE' }],
    [`${api}/admin`],
    ['https://example.com/collect?items=' + total.length],
    ['http://169.254.169.254/latest/meta-data/'],
]) {
    await fetch(url, init).catch((error) => refused.push(error.message));
}

export { total, refused };
