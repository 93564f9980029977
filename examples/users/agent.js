// Finds the users that have visited since the date that the prefix has set. All are asked for at the same time.
async function recent({ id }) {
    try {
        return (await users.visits(id)).some((visit) => visit >= config.since);
    } catch (error) {
        console.warn(`user ${id}: ${error.message}`);
        return false;
    }
}

const all = await users.list();
const visited = await Promise.all(all.map(recent));

export const count = visited.filter(Boolean).length;
export const names = all.filter((_, i) => visited[i]).map((user) => user.name);
